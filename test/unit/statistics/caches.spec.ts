import { describe, expect, it } from '@jest/globals';
import { DEFAULT_THRESHOLDS } from '../../../lib/analysis/thresholds.js';
import type { CacheRecord } from '../../../lib/record/cache-record.js';
import { cacheReports } from '../../../lib/report/caches.js';
import { cacheFindings } from '../../../lib/statistics/cache-findings.js';
import { cacheableQueryFindings } from '../../../lib/statistics/cacheable-query-findings.js';
import { Statistics } from '../../../lib/statistics/statistics.js';
import { parseStatement } from '../../../lib/sql/parse-statement.js';
import { NOON, query as queryOf, unit } from './build-unit.js';

const MINUTE = 60_000;

const query = (record: NonNullable<Parameters<typeof queryOf>[0]> = {}) =>
  queryOf(record, parseStatement(record.statement ?? 'SELECT * FROM "author"', 'standard'));

function access(of: Partial<CacheRecord>): CacheRecord {
  return {
    kind: 'cache',
    id: 1,
    cache: 'default',
    operation: 'get',
    outcome: 'hit',
    via: 'application',
    pattern: 'author:*',
    key: 1,
    keys: 1,
    found: of.outcome === 'miss' ? 0 : 1,
    sequence: 0,
    endSequence: 0,
    startMs: 0,
    durationMs: 1,
    ...of,
  };
}

/** A look-up that missed, one statement, and what was stored. */
const computed = (startMs: number, of: Partial<CacheRecord> = {}): readonly CacheRecord[] => [
  access({ id: 1, outcome: 'miss', startMs, ...of }),
  access({ id: 2, operation: 'set', outcome: 'set', found: 0, sequence: 1, startMs: startMs + 10, ...of }),
];
const hit = (of: Partial<CacheRecord> = {}) => access(of);
const miss = (of: Partial<CacheRecord> = {}) => access({ outcome: 'miss', ...of });

interface At {
  readonly at: number;
  readonly caches?: readonly CacheRecord[];
  readonly name?: string;
  readonly analysed?: ReturnType<typeof query>[];
}

function counted(units: readonly At[]): Statistics {
  const statistics = new Statistics();
  for (const [index, { at, caches = [], name = 'GET /authors', analysed = [] }] of units.entries())
    statistics.add(unit({ id: `u${index}`, startedAt: NOON + at, name, caches, analysed }), []);
  return statistics;
}

const kinds = (statistics: Statistics) =>
  [
    ...cacheFindings(statistics, DEFAULT_THRESHOLDS),
    ...cacheableQueryFindings(statistics, DEFAULT_THRESHOLDS),
  ].map(({ finding }) => finding.kind);
const report = (statistics: Statistics) => cacheReports(statistics)[0];
const times = (count: number, of: (n: number) => At): At[] => Array.from({ length: count }, (_, n) => of(n));

describe('what a cache saved', () => {
  it('is the mean of its computations for each hit, less the look-up', () => {
    const statistics = counted([
      { at: 0, caches: computed(0), analysed: [query()] },
      ...times(4, (n) => ({ at: 1_000 * (n + 1), caches: [hit()] })),
    ]);
    expect(report(statistics)).toMatchObject({
      lookUps: 5,
      hits: 4,
      hitRatio: 0.8,
      computations: { count: 1, statements: 1 },
      saved: { statements: 4, timeMs: 4 * (9 - 1) },
      entries: { stored: 1, neverFound: 0 },
    });
  });

  it('shares what ran between look-ups side by side', () => {
    const lookUps = [1, 2].map((key, id) => miss({ key, id }));
    const sets = [1, 2].map((key, n) =>
      access({ key, id: n + 2, operation: 'set', outcome: 'set', found: 0, sequence: 1, startMs: 10 }),
    );
    const statistics = counted([{ at: 0, caches: [...lookUps, ...sets], analysed: [query()] }]);
    expect(report(statistics)?.computations).toMatchObject({ count: 2, statements: 1 });
  });

  it('does not count those who waited as misses', () => {
    const waiting = access({ operation: 'wrap', outcome: 'coalesced', found: 0 });
    const statistics = counted([{ at: 0, caches: [hit(), waiting] }]);
    expect(report(statistics)).toMatchObject({ lookUps: 2, coalesced: 1, misses: 0, hitRatio: 1 });
  });

  it('takes a cached null for a miss where the interceptor asked', () => {
    const nulls = [hit({ isNull: true }), hit({ isNull: true, via: 'interceptor', pattern: '/authors' })];
    const reports = cacheReports(counted([{ at: 0, caches: nulls }]));
    expect(reports.map(({ pattern, hits, misses, nulls: found }) => [pattern, hits, misses, found])).toEqual([
      ['/authors', 0, 1, 1],
      ['author:*', 1, 0, 1],
    ]);
  });

  it('is the same whether it was counted here or merged', () => {
    const all = times(6, (n) => ({ at: n * MINUTE, caches: n === 0 ? computed(0) : [hit()] }));
    const merged = counted(all.slice(0, 3));
    merged.merge(counted(all.slice(3)));
    const picked = (of: Statistics) =>
      cacheReports(of).map(({ overTime, hits, misses, lookUps }) => ({ overTime, hits, misses, lookUps }));
    expect(picked(merged)).toEqual(picked(counted(all)));
  });
});

describe('cache-stampede', () => {
  it('is a computation that begins before another of the same key has stored', () => {
    const statistics = counted([0, 5, 8].map((at) => ({ at, caches: computed(0) })));
    expect(kinds(statistics)).toEqual(['cache-stampede']);
    expect(report(statistics)?.stampedes).toEqual({ count: 1, needless: 2, worst: 3 });
  });

  it('is none where the second begins when the first has stored', () => {
    expect(kinds(counted([0, 11].map((at) => ({ at, caches: computed(0) }))))).toEqual([]);
    expect(kinds(counted([0, 10.9].map((at) => ({ at, caches: computed(0) }))))).toEqual(['cache-stampede']);
  });

  it('is none for different keys, and none where nothing could be stored', () => {
    expect(kinds(counted([1, 2].map((key) => ({ at: 0, caches: computed(0, { key }) }))))).toEqual([]);
    const failed = (at: number) => ({
      at,
      caches: computed(0).map((one) =>
        one.operation === 'set' ? { ...one, outcome: 'failure' as const } : one,
      ),
    });
    expect(kinds(counted([failed(0), failed(1)]))).toEqual([]);
  });
});

describe('cache-ineffective', () => {
  const lookUps = (count: number, hits: number) =>
    counted(
      times(count, (n) => ({ at: n * MINUTE, caches: [n < hits ? hit({ key: n }) : miss({ key: n })] })),
    );

  it('needs 50 look-ups', () => {
    expect(kinds(lookUps(50, 0))).toEqual(['cache-ineffective']);
    expect(kinds(lookUps(49, 0))).toEqual([]);
  });

  it('needs less than one hit in five', () => {
    expect(kinds(lookUps(50, 9))).toEqual(['cache-ineffective']);
    expect(kinds(lookUps(50, 10))).toEqual([]);
  });

  it('is also a cache that is written and never read', () => {
    const written = (count: number) =>
      counted(
        times(count, (n) => ({
          at: n,
          caches: [access({ operation: 'set', outcome: 'set', key: n, found: 0 })],
        })),
      );
    expect(kinds(written(50))).toEqual(['cache-ineffective']);
    expect(kinds(written(49))).toEqual([]);
  });

  it('is also a life shorter than the time between uses', () => {
    const late = (count: number) =>
      counted(times(count, (n) => ({ at: n * MINUTE, caches: computed(0, { ttlMs: 1_000 }) })));
    const [found] = cacheFindings(late(11), DEFAULT_THRESHOLDS);
    expect(found?.finding.title).toBe('author:* expires before it is used again');
    expect(found?.finding.advice.code).toBe('cache.set(`author:${id}`, value, 60000)');
    expect(kinds(late(10))).toEqual([]);
  });

  it('is silent while the store fails', () => {
    const error = { type: 'Error', message: '', isThrown: false };
    const failed = counted(
      times(60, (n) => ({ at: n * MINUTE, caches: [miss({ outcome: 'failure', error, key: n })] })),
    );
    expect(kinds(failed)).toEqual([]);
  });
});

describe('stale reads', () => {
  const write = (of: Parameters<typeof query>[0] = {}) =>
    query({ statement: 'UPDATE "author" SET "name" = $1 WHERE "id" = $2', ...of });
  const sell = (at: number, analysed = [write()]): At => ({ at, name: 'POST /authors', analysed });
  const stored: At = { at: 0, caches: computed(0), analysed: [query()] };

  it('are hits of what was stored before a write to its tables', () => {
    const statistics = counted([stored, sell(1_000), { at: 2_000, caches: [hit()] }]);
    expect(report(statistics)?.staleReads).toMatchObject({ hits: 1, writtenBy: 'POST /authors' });
  });

  it('are none after a deletion, a new value, or a write to another table', () => {
    const deleted = { at: 1_500, caches: [access({ operation: 'del', outcome: 'delete', found: 0 })] };
    const other = sell(1_000, [query({ statement: 'UPDATE "book" SET "title" = $1' })]);
    const again = { ...stored, at: 1_500 };
    for (const between of [[sell(1_000), deleted], [other], [sell(1_000), again]])
      expect(report(counted([stored, ...between, { at: 2_000, caches: [hit()] }]))?.staleReads.hits).toBe(0);
  });

  it('wait for the COMMIT of a transaction, and know what was rolled back', () => {
    const inTransaction = (end: string) => [
      write({ transaction: 7, sequence: 0 }),
      query({ statement: end, transaction: 7, sequence: 1 }),
    ];
    const hits = (end: string) =>
      report(counted([stored, sell(1_000, inTransaction(end)), { at: 2_000, caches: [hit()] }]))?.staleReads
        .hits;
    expect([hits('COMMIT'), hits('ROLLBACK')]).toEqual([1, 0]);
  });
});

describe('cacheable-query', () => {
  const read = (executeMs = 20, of: Parameters<typeof query>[0] = {}) =>
    query({ rowsReturned: 1, rowSample: [{ id: 1 }], executeMs, ...of });
  const reads = (count: number, executeMs = 20) =>
    times(count, (n) => ({ at: n * 1_000, analysed: [read(executeMs)] }));

  it('needs the same rows in ten units of work', () => {
    expect(kinds(counted(reads(10)))).toEqual(['cacheable-query']);
    expect(kinds(counted(reads(9)))).toEqual([]);
  });

  it('is said once of a page, not of its keys as well', () => {
    const keys =
      'SELECT DISTINCT "distinctAlias"."id" FROM (SELECT * FROM "author") "distinctAlias" LIMIT 20';
    const pages = times(10, (n) => ({ at: n * 1_000, analysed: [read(20, { statement: keys }), read()] }));
    expect(kinds(counted(pages))).toEqual(['cacheable-query']);
  });

  it('needs a saving of 100 ms', () => {
    const [found] = cacheableQueryFindings(counted(reads(11, 10)), DEFAULT_THRESHOLDS);
    expect(found?.finding.evidence.facts['savedStatements']).toBe(10);
    expect(kinds(counted(reads(10, 1)))).toEqual([]);
  });

  it('begins again where rows change or a table is written to', () => {
    const changed: At = { at: 5_500, analysed: [read(20, { rowSample: [{ id: 2 }] })] };
    const written: At = {
      at: 5_500,
      analysed: [query({ statement: 'DELETE FROM "author" WHERE "id" = $1' })],
    };
    for (const between of [changed, written])
      expect(
        kinds(counted([...reads(6), between, ...reads(6).map((one) => ({ ...one, at: one.at + 6_000 }))])),
      ).toEqual([]);
  });

  it('is silent inside of transactions, for other values, and for what a cache asked', () => {
    const each = (of: (n: number) => Parameters<typeof query>[0]) =>
      kinds(counted(times(20, (n) => ({ at: n * 1_000, analysed: [read(20, of(n))] }))));
    expect(each((n) => ({ transaction: n }))).toEqual([]);
    expect(each((n) => ({ values: { kept: [n], count: 1, digest: n } }))).toEqual([]);
    expect(each(() => ({ computation: 1 }))).toEqual([]);
    expect(each(() => ({ isOfResultCache: true }))).toEqual([]);
  });
});

describe('the code of cacheable-query', () => {
  const MANY = 12;
  const asked = (statement: string, of: Parameters<typeof queryOf>[0] = {}) =>
    query({ statement, rowsReturned: 1, rowSample: [{ id: 1 }], executeMs: 50, ...of });
  const param = (value: string, digest = value.length): Parameters<typeof queryOf>[0] => ({
    values: { kept: [value], count: 1, digest },
  });
  const load = (kind: 'entities' | 'relation', isFind = false) =>
    [{ kind, id: 1, dataSource: 'default', startMs: 0, durationMs: 1, isFind }] as never;

  /** Each of the reads by many units of work. */
  function codeOf(reads: readonly ReturnType<typeof query>[], loads = [] as never, name = 'GET /authors') {
    const statistics = new Statistics();
    reads.forEach((read, set) => {
      for (let n = 0; n < MANY; n++) {
        const at = NOON + n * 1_000;
        statistics.add(unit({ id: `${set}-${n}`, startedAt: at, analysed: [read], loads, name }), []);
      }
    });
    const [found] = cacheableQueryFindings(statistics, DEFAULT_THRESHOLDS);
    return found?.finding.advice.code ?? '';
  }
  const keyOf = (code: string) => /cache\.wrap\((.*?), \(\) =>/.exec(code)?.[1];

  it('has a constant key where nothing in the statement changes, though its literals are masked', () => {
    const code = codeOf([asked(`SELECT * FROM "author" WHERE "country" = 'FR' ORDER BY "id" LIMIT 50`)]);
    expect(keyOf(code)).toBe(`'author.list'`);
    expect(code).toContain(`() => this.load(),`);
  });

  it('names what is bound by its columns', () => {
    const text = 'SELECT * FROM "author" WHERE "country_code" = $1 AND "status" IN (\'a\', \'b\')';
    const code = codeOf([asked(text, param('FR'))]);
    expect(keyOf(code)).toBe('`author.list:${countryCode}`');
    expect(code).toContain('this.load(countryCode)');
  });

  it('names literals that differ from call to call, pages among them', () => {
    const page = (country: string, offset: number) =>
      asked(`SELECT * FROM "author" WHERE "country" = '${country}' LIMIT 10 OFFSET ${String(offset)}`);
    expect(keyOf(codeOf([page('FR', 0), page('DE', 0)]))).toBe('`author.list:${country}`');
    expect(keyOf(codeOf([page('FR', 0), page('FR', 10)]))).toBe('`author.list:${offset}`');
  });

  it('takes the numbers that TypeORM writes into the text of a find for values of the caller', () => {
    const byId = asked('SELECT * FROM "author" WHERE "author"."id" = 7', { load: 1 });
    expect(keyOf(codeOf([byId], load('entities', true)))).toBe('`author.list:${id}`');
    expect(keyOf(codeOf([byId], load('entities', false)))).toBe(`'author.list'`);
  });

  it('tells both ends of a range, lists, and values outside of conditions apart', () => {
    const range = 'SELECT * FROM "author" WHERE "born" BETWEEN $1 AND $2 AND "id" IN ($3, $4)';
    expect(keyOf(codeOf([asked(range, param('x'))]))).toBe('`author.list:${born}:${born2}:${ids}`');
    const text = 'SELECT * FROM "author" WHERE lower("name") LIKE concat($1, $2)';
    expect(keyOf(codeOf([asked(text, param('x'))]))).toBe('`author.list:${value}`');
  });

  it('is what can be written there: a find, a builder, nothing of a lazy relation, no response of a job', () => {
    const read = asked('SELECT * FROM "author"', { load: 1 });
    expect(codeOf([read], load('entities', true))).toContain(
      `find({ ..., cache: { id: 'author.list', milliseconds: 1000 } })`,
    );
    expect(codeOf([read], load('entities'))).toMatch(/^\.cache\('author.list', 1000\)$/m);
    expect(codeOf([asked('SELECT * FROM "author"')])).toContain('query() has no cache');
    expect(codeOf([read], load('relation'), 'job mail:send')).toBe(
      `// what is made of it\ncache.wrap('author.list', () => this.load(), 1000)`,
    );
  });

  it('gives different statements of one table different keys', () => {
    const of = (name: string) => ({ callSite: { file: 'a.ts', line: 1, column: 1, function: name } });
    const keys = ['AuthorsService.list', 'AuthorsService.top', '<anonymous>'].map((name) =>
      keyOf(codeOf([asked('SELECT * FROM "author"', of(name))])),
    );
    expect(keys).toEqual([`'author.list'`, `'author.top'`, `'author'`]);
  });
});
