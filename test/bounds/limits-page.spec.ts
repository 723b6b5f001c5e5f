import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

/** The figures of each row of the table, in its order: constant or field, and the file that has it. */
const rows: Readonly<Record<string, readonly string[]>> = {
  'loads of one unit': ['record/unit-limits.ts maxQueries'],
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
};

const page = readFileSync('docs/limits.md', 'utf8');
const table = page
  .slice(page.indexOf('## Maxima'))
  .split('\n')
  .filter((line) => line.startsWith('|'));

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
    expect(table).toHaveLength(Object.keys(rows).length + 2);
  });
});
