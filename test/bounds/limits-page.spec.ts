import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

/** The figures of each row of the table, in its order: constant or field, and the file that has it. */
const rows: Readonly<Record<string, readonly string[]>> = {
  'loads of one unit': [
    'record/unit-limits.ts maxQueries',
    'record/unit-limits.ts maxLoads',
    'record/unit-limits.ts maxCacheAccesses',
  ],
  'text of one statement': ['record/query-record.ts MAX_STATEMENT_LENGTH'],
  'all texts together': ['record/unit-recorder.ts MAX_CHARACTERS'],
  'bound values': ['capture/bound-values.ts MAX_KEPT', 'capture/bound-values.ts MAX_KEPT_STRING'],
  'values in the text': ['analysis/kept-statement.ts MAX_VALUES', 'analysis/kept-statement.ts MAX_PARTS'],
  'rows of a statement': ['capture/typeorm/row-sample.ts MAX_ROWS', 'record/unit-limits.ts maxSampledRows'],
  'rows: columns': [
    'capture/typeorm/row-sample.ts MAX_COLUMNS',
    'capture/typeorm/row-sample.ts MAX_STRING',
    'record/unit-recorder.ts MAX_CHARACTERS',
  ],
  'stacks of one unit': ['record/unit-limits.ts maxCallSites', 'capture/stack-policy.ts MAX_PER_UNIT'],
  'units that sample': ['capture/stack-policy.ts EAGER_UNITS', 'capture/stack-policy.ts SAMPLE_EVERY'],
  'whose sampling is remembered': ['capture/stack-policy.ts MAX_STATEMENTS'],
  'along its joins': ['capture/typeorm/joined-entities.ts MAX_WALKED'],
  'times its joins': ['capture/typeorm/carried-rows.ts MAX_CARRIED'],
  'whose list is remembered': [
    'capture/typeorm/batching/auto-batches.ts MAX_MEMBERS',
    'capture/typeorm/batching/load-relation.ts MAX_VALUES',
  ],
  '`background` is cut': ['context/unit-context.ts AMBIENT_SIZE'],
  'wait to be analysed': ['options.ts maxWaitingUnits', 'context/ended-recordings.ts MAX_WAITING_WEIGHT'],
  'parsed statements': ['analysis/cached-parse.ts maxStatements', 'analysis/cached-parse.ts MAX_CHARACTERS'],
  '/query-lens/units': ['options.ts maxUnits', 'options.ts maxUnitStatements'],
  'one such unit': ['unit-view.ts MAX_CHARACTERS'],
  'hydrations of one such unit': ['unit-view.ts MAX_HYDRATIONS'],
  'data sources in the statistics': [
    'statistics/statistics-limits.ts maxStatements',
    'statistics/statistics-limits.ts maxRoutes',
    'statistics/statistics-limits.ts maxRelations',
    'statistics/statistics-limits.ts maxDataSources',
  ],
  'places that begin transactions, statements': [
    'statistics/statistics-limits.ts maxTransactions',
    'statistics/statistics-limits.ts maxLockConflicts',
  ],
  'reasons and isolation levels': [
    'statistics/statistics-limits.ts MAX_ERRORS',
    'statistics/statistics-limits.ts MAX_ISOLATIONS',
  ],
  'connections that are watched': ['capture/typeorm/pool-watch.ts MAX_HOLDS'],
  'waits for a connection': [
    'record/pool-use-recorder.ts MAX_WAITS',
    'record/pool-use-recorder.ts MAX_REQUESTS',
    'record/pool-use-recorder.ts MAX_SATURATIONS',
  ],
  'holders and waiters': [
    'capture/typeorm/open-saturation.ts MAX_SEEN',
    'capture/typeorm/pool-users.ts MAX_USERS',
  ],
  'slots of five seconds': [
    'statistics/recent-window.ts SLOTS',
    'statistics/recent-window.ts MAX_DATA_SOURCES',
  ],
  'remembered for their server': [
    'statistics/replica-reads.ts MAX_REPLICA_READS',
    'statistics/statistics-limits.ts MAX_DATA_SOURCES_PER_ROUTE',
  ],
  'saturations of a pool': ['statistics/statistics-limits.ts MAX_RECENT_SATURATIONS'],
  'gaps of a transaction': ['capture/typeorm/open-transaction.ts MAX_GAPS'],
  'text of a statement in the statistics': ['statistics/statistics-limits.ts MAX_TEXT_LENGTH'],
  'places that are logged': ['statistics/statistics-limits.ts maxFindings', 'log-findings.ts MAX_PLACES'],
  'examples of a statement': [
    'statistics/statistics-limits.ts MAX_ROUTES_PER_STATEMENT',
    'statistics/statistics-limits.ts MAX_CALL_SITES',
    'statistics/statistics-limits.ts MAX_EXAMPLES',
  ],
  'last times of a statement': [
    'statistics/recent-times.ts MAX_RECENT_TIMES',
    'statistics/recent-times.ts MAX_RECENT_STATEMENTS',
  ],
  'entries of a SQLite schema': [
    'explain/sqlite/read-catalog.ts MAX_ENTRIES',
    'explain/mysql/table-copies.ts MAX_COPIED_ROWS',
  ],
  'patterns of cache keys': [
    'statistics/statistics-limits.ts maxCachePatterns',
    'statistics/statistics-limits.ts maxRepeatedReads',
  ],
  'entries followed': [
    'statistics/cached-entries.ts MAX_ENTRIES',
    'statistics/ratio-over-time.ts MAX_BUCKETS',
  ],
  'whose pattern is remembered': [
    'capture/key-patterns.ts MAX_REMEMBERED',
    'capture/key-patterns.ts MAX_LATER_WORDS',
    'capture/key-patterns.ts MAX_WORDS',
  ],
  'keys of one call': [
    'capture/cache-manager/key-groups.ts MAX_KEYS',
    'capture/cache-manager/key-groups.ts MAX_GROUPS',
  ],
  'opened by hand': ['known-data-sources.ts MAX_BY_HAND'],
  'text is kept to explain': [
    'investigation/statement-samples.ts MAX_SAMPLES',
    'investigation/statement-samples.ts MAX_SAMPLE_LENGTH',
  ],
  'whose indexes are looked at': [
    'index-reviews.ts MAX_TABLES',
    'index-reviews.ts TABLES_AT_ONCE',
    'investigation/missing-keys.ts MAX_KEYS',
  ],
  'whose plan is kept': ['investigations.ts MAX_INVESTIGATIONS'],
  'can be run again': [
    'record/replay.ts MAX_REPLAYS',
    'verifications.ts MAX_WAITING_TRIALS',
    'verifications.ts MAX_KEPT_LOADS',
  ],
  'form of loading that is tried': [
    'own-questions.ts MAX_TRIAL_STATEMENTS',
    'verifications.ts MAX_VERIFICATIONS',
  ],
  'own failures': ['own-failures.ts MAX_KINDS'],
  'open admin pages': ['admin/admin-events.ts MAX_FOLLOWERS', 'admin/token-bucket.ts MAX_ASKERS'],
  'spans are prepared': [
    'telemetry/statement-shapes.ts MAX_TEXTS',
    'telemetry/statement-shapes.ts MAX_CHARACTERS',
    'telemetry/unit-totals.ts MAX_STATEMENTS',
  ],
  'summaries in metrics': [
    'telemetry/statement-shapes.ts MAX_SUMMARIES',
    'telemetry/unit-places.ts MAX_UNITS',
    'telemetry/trace-unit.ts MAX_ACCESSES',
  ],
  'log records of statements': [
    'telemetry/log-unit.ts MAX_STATEMENTS',
    'telemetry/trace-unit.ts MAX_HYDRATIONS',
  ],
  'whose findings spans tell': [
    'telemetry/known-findings.ts MAX_FINGERPRINTS',
    'telemetry/known-findings.ts MAX_PLACES',
    'telemetry/known-findings.ts MAX_FINDINGS',
  ],
  'words of cache keys that telemetry': [
    'telemetry/key-words.ts MAX_WORDS',
    'telemetry/key-words.ts MAX_UNITS',
    'telemetry/key-words.ts MAX_PATTERNS',
  ],
  'measurements of histograms': ['telemetry/measurement-queue.ts MAX_WAITING'],
  'links of the span of a finding': [
    'telemetry/trace-unit.ts MAX_LINKS',
    'telemetry/known-servers.ts MAX_DATA_SOURCES',
  ],
  'statements while a data source connects; what ended, or was opened, before the application was ready': [
    'capture/typeorm/buffer-sink.ts maxQueries',
    'context/early-ports.ts MAX_EARLY',
  ],
  'characters of the advice in a span': ['telemetry/trace-unit.ts MAX_ADVICE'],
  'characters of messages: of a database error, of an error of a cache, of a masked one': [
    'record/query-error.ts MAX_MESSAGE',
    'capture/cache-error.ts MAX_MESSAGE',
    'sql/mask-message.ts MAX_LENGTH',
  ],
  'names in the `where` of a find, levels': [
    'capture/typeorm/find-options.ts MAX_NAMES',
    'capture/typeorm/find-options.ts MAX_DEPTH',
  ],
  "operations that name a unit of GraphQL, root fields of one; characters of its name, of a handler's": [
    'context/running-unit.ts MAX_OPERATIONS',
    'context/graphql-fields.ts MAX_ROOT_FIELDS',
    'context/graphql-fields.ts MAX_NAME_LENGTH',
    'context/handler-entry.ts MAX_NAME_LENGTH',
  ],
  'entities of one list whose batch is remembered; lists, entities of a unit that wait for the end of their load':
    [
      'capture/typeorm/parent-batches.ts MAX_ENTERED',
      'capture/typeorm/awaiting-entities.ts MAX_LISTS',
      'capture/typeorm/awaiting-entities.ts MAX_ENTITIES',
    ],
  'entities, loads of a unit that are watched for what is read of them': [
    'record/unit-recorder.ts MAX_WATCHED_ENTITIES',
    'record/unit-recorder.ts MAX_WATCHES',
  ],
  'of a watched load: roots, entities, relations; entities that are measured; children of a relation that are counted':
    [
      'capture/typeorm/read-tracking/load-watch.ts MAX_ROOTS',
      'capture/typeorm/read-tracking/load-watch.ts MAX_ENTITIES',
      'capture/typeorm/read-tracking/load-watch.ts MAX_NODES',
      'capture/typeorm/read-tracking/load-watch.ts MAX_MEASURED',
      'capture/typeorm/read-tracking/load-watch.ts MAX_CHILDREN',
    ],
  'kinds of loads of one class whose sampling is remembered': [
    'capture/typeorm/read-tracking/read-sampling.ts MAX_KINDS',
  ],
  'call sites with watched loads; paths of each, columns of a class': [
    'statistics/statistics-limits.ts maxReads',
    'statistics/read-statistics.ts MAX_NODES',
    'statistics/read-node-statistics.ts MAX_COLUMNS',
  ],
  'call sites of a finding, traces of a place with a finding': [
    'analysis/make-finding.ts MAX_CALL_SITES',
    'statistics/statistics-limits.ts MAX_TRACE_IDS',
  ],
  'findings named in one unit for `GET /query-lens/units`': ['unit-view.ts MAX_FINDINGS'],
  'tables whose writes are remembered; writes of each': [
    'statistics/table-writes.ts MAX_TABLES',
    'statistics/table-writes.ts MAX_WRITES',
  ],
  'tables, tiers of one pattern': [
    'statistics/cache-statistics.ts MAX_TABLES',
    'statistics/cache-statistics.ts MAX_TIERS',
  ],
  'of a statement that may be worth a cache: routes, inputs; rows of a result that are compared; characters of a value, of all values':
    [
      'statistics/repeated-read.ts MAX_ROUTES',
      'statistics/read-inputs.ts MAX_INPUTS',
      'statistics/repeated-read.ts MAX_COMPARED',
      'statistics/repeated-read.ts MAX_CHARACTERS',
      'statistics/repeated-read.ts MAX_IDENTITY',
    ],
  'data sources with replicas whose reads are counted': ['statistics/replica-reads.ts MAX_DATA_SOURCES'],
  'places of keys at which words are told apart; characters of a key that is remembered, of a word': [
    'capture/key-patterns.ts MAX_PLACES',
    'capture/key-patterns.ts MAX_KEY_LENGTH',
    'capture/key-patterns.ts MAX_WORD_LENGTH',
  ],
  "calls of `wrap()` that run; keys of a unit that the interceptor answers; entries whose age is known; characters of an identifier of TypeORM's that is shown":
    [
      'capture/cache-manager/cache-methods.ts MAX_WRAPS',
      'capture/cache-manager/intercepted-keys.ts MAX_KEYS',
      'cache/store-times.ts MAX_KEYS',
      'capture/typeorm/result-cache.ts MAX_SHOWN',
    ],
  'files that are known to be yours or not; source maps, bytes of one': [
    'capture/call-site.ts MAX_FILES',
    'capture/source-maps.ts MAX_FILES',
    'capture/source-maps.ts MAX_BYTES',
  ],
  'slow and failing statements whose last log line is remembered': ['log-queries.ts MAX_STATEMENTS'],
  'values of a statement that is explained with values, characters of one': [
    'investigation/statement-samples.ts MAX_VALUES',
    'investigation/statement-samples.ts MAX_STRING',
  ],
  'a value that is compared by its digest: characters, members of arrays and objects, levels': [
    'capture/digest.ts MAX_READ',
    'capture/digest.ts MAX_MEMBERS',
    'capture/digest.ts MAX_DEPTH',
  ],
  'a text whose integers are told apart from its shape: characters, integers, digits of one': [
    'sql/inlined-integers.ts MAX_LENGTH',
    'sql/inlined-integers.ts MAX_INTEGERS',
    'sql/inlined-integers.ts MAX_DIGITS',
  ],
  'the summary of a statement, what is read of it for a short name: characters': [
    'sql/summarise.ts MAX_LENGTH',
    'statistics/statement-name.ts MAX_READ',
  ],
  'earlier rows with one value that a lookup may have come from; levels of lists': [
    'analysis/relation-loads/provenance.ts MAX_STEPS',
    'analysis/batch-index.ts MAX_LEVELS',
  ],
  'an answer that is searched for watched entities: objects, values of each; values of a JSON column that are measured':
    [
      'capture/typeorm/read-tracking/load-watch.ts MAX_RETURNED',
      'capture/typeorm/read-tracking/load-watch.ts MAX_VALUES',
      'capture/typeorm/read-tracking/byte-size.ts MAX_VALUES',
    ],
  'milliseconds after its end that a unit waits for a statement; in which its work is still its own': [
    'context/lingering.ts MAX_WAIT_MS',
    'context/running-unit.ts MAX_LATE_MS',
  ],
  'statements that are explained at a time, of them those that are not slow': [
    'investigation/suspects.ts MAX_SUSPECTS',
    'investigation/suspects.ts MAX_OTHERS',
  ],
  'columns of an index, columns in its INCLUDE; columns of a statement that are tried: equal, range': [
    'investigation/index-candidates.ts MAX_INDEX_COLUMNS',
    'investigation/index-candidates.ts MAX_INCLUDED',
    'investigation/index-candidates.ts MAX_EQUAL',
    'investigation/index-candidates.ts MAX_RANGE',
  ],
  'indexes that are tried for a statement, advised for one, compared with each other': [
    'investigation/judge-statement.ts MAX_TRIES',
    'investigation/judge-statement.ts MAX_INDEXES',
    'investigation/workload.ts MAX_COMPARED',
  ],
  'rows of a table on which an index is built for a trial; bytes of a column in an index; characters of its name':
    [
      'investigation/judge-statement.ts MAX_BUILT_ROWS',
      'investigation/table-facts.ts MAX_KEY_WIDTH',
      'investigation/index-name.ts MAX_NAME',
    ],
  'runs of a form of loading after its first; levels of eager relations, of find options, of a value that is compared':
    [
      'capture/typeorm/replay/run-trial.ts MAX_AGAIN',
      'capture/typeorm/replay/eager-tree.ts MAX_DEPTH',
      'capture/typeorm/replay/recorded-load.ts MAX_DEPTH',
      'investigation/loading/same-value.ts MAX_DEPTH',
    ],
  'statements that `npx query-lens advise` looks at': ['shadow/advised-report.ts MAX_STATEMENTS'],
  'characters of a value in a comment behind a statement': ['sql/append-comment.ts MAX_VALUE'],
  'report: statements; places of transactions; places of replication of a data source': [
    'report/slow-queries.ts MAX_STATEMENTS',
    'report/transactions.ts MAX_PLACES',
    'report/replication.ts MAX_PLACES',
  ],
  'summary: findings': ['report/summary.ts MAX_WORST'],
  'text: findings; routes with strategies': [
    'report/text/findings-section.ts MAX_FINDINGS',
    'report/text/strategies-section.ts MAX_ROUTES',
  ],
  'text: slow statements, others, routes of one; columns, lines of a statement; steps of a plan': [
    'report/text/slow-queries-section.ts MAX_SLOW',
    'report/text/slow-queries-section.ts MAX_OTHERS',
    'report/text/slow-queries-section.ts MAX_ROUTES',
    'report/text/statement-lines.ts MAX_COLUMNS',
    'report/text/statement-lines.ts MAX_LINES',
    'report/text/plan-lines.ts MAX_NODES',
  ],
  'text: patterns of cache keys; saturations of a pool, users of one; places, lost locks; reads of replicas':
    [
      'report/text/caches-section.ts MAX_PATTERNS',
      'report/text/pools-section.ts MAX_EPISODES',
      'report/text/pools-section.ts MAX_USERS',
      'report/text/transactions-section.ts MAX_PLACES',
      'report/text/transactions-section.ts MAX_CONFLICTS',
      'report/text/replication-lines.ts MAX_PLACES',
    ],
  'Markdown: findings; relations, changes; slow statements': [
    'report/markdown/findings-markdown.ts MAX_FINDINGS',
    'report/markdown/strategies-markdown.ts MAX_ROWS',
    'report/markdown/strategies-markdown.ts MAX_CHANGES',
    'report/markdown/slow-queries-markdown.ts MAX_QUERIES',
  ],
  'Markdown: patterns of cache keys; pools, saturations of one; places, lost locks; reads of replicas': [
    'report/markdown/caches-markdown.ts MAX_ROWS',
    'report/markdown/pools-markdown.ts MAX_POOLS',
    'report/markdown/pools-markdown.ts MAX_EPISODES',
    'report/markdown/transactions-markdown.ts MAX_PLACES',
    'report/markdown/transactions-markdown.ts MAX_CONFLICTS',
    'report/markdown/replication-markdown.ts MAX_PLACES',
  ],
  'stretches of time of a pattern; holders of a full pool, unread columns that a finding names': [
    'report/cache-facts.ts MAX_STRETCHES',
    'analysis/detectors/pool-wait.ts MAX_HOLDERS',
    'statistics/unused-columns.ts MAX_NAMED',
  ],
};

const page = readFileSync('docs/limits.md', 'utf8');
const table = page
  .slice(page.indexOf('## Maxima'))
  .split('\n')
  .filter((line) => /^\| (?!what |where |-)/.test(line));

/** Options with a row in the README, and figures that are no maximum of anything. */
const ELSEWHERE: readonly string[] = [
  'investigate-options.ts maxPerMinute',
  'verify-advice-options.ts maxPerMinute',
  'verify-advice-options.ts maxRows',
  'report/health.ts maxPoolWaitMs',
  'report/health.ts maxErrorRatio',
  'report/health.ts maxQueryP95Ms',
  'report/health.ts maxSlowRatio',
  'statistics/distribution.ts maxBins',
  'analysis/detectors/cache-failure.ts maxRetriesPerRequest',
  'option-checks.ts MAX_TYPOS_SHARE',
  'telemetry/wall-clock.ts MAX_GAP_MS',
];

/** `file name` of every `MAX_... = 5_000` and `max...: 5_000` of the library; a count that begins at 0 is no maximum. */
function declaredMaxima(): readonly string[] {
  const files = readdirSync('lib', { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  return files.flatMap((file) => {
    const source = readFileSync(`lib/${file}`, 'utf8');
    const names = source.matchAll(/\b(MAX_[A-Z_]+(?= = [\d.])|max[A-Z]\w*(?=: (?!0[,} ])[\d.]))/g);
    return [...names].map(([name]) => `${file} ${name}`);
  });
}

/** `const MAX = 5_000`, `max: 5_000` or `max = 5_000`, as the page writes numbers. */
function figure(place: string): string {
  const [file = '', name = ''] = place.split(' ');
  const source = readFileSync(`lib/${file}`, 'utf8');
  const digits = new RegExp(`\\b${name}(?:: | = )(\\d[\\d_]*)`).exec(source)?.[1];
  return Number(digits?.replaceAll('_', '')).toLocaleString('en-US');
}

describe('the page of limits', () => {
  for (const [what, places] of Object.entries(rows)) {
    it(`names the maxima of: ${what}`, () => {
      const row = table.find((line) => line.split('|')[1]?.includes(what));
      const figures = row?.split('|')[2]?.match(/\d[\d,]*\d|\d/g);
      expect(figures).toEqual(places.map(figure));
    });
  }

  it('has no row without a test', () => {
    expect(table).toHaveLength(Object.keys(rows).length);
  });

  it('has every maximum of the library', () => {
    const named = new Set([...Object.values(rows).flat(), ...ELSEWHERE]);
    const declared = declaredMaxima();
    expect(declared.length).toBeGreaterThan(150);
    expect(declared.filter((maximum) => !named.has(maximum))).toEqual([]);
    expect(ELSEWHERE.filter((maximum) => !declared.includes(maximum))).toEqual([]);
  });
});
