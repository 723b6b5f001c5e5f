import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AnalysedUnit } from '../../../lib/analysis/detector.js';
import type { Finding } from '../../../lib/analysis/finding.js';
import { unseenCall } from '../../../lib/analysis/list-call.js';
import type { EntityLoadRecord } from '../../../lib/record/load-record.js';
import { DEFAULT_STATISTICS_LIMITS } from '../../../lib/statistics/statistics-limits.js';
import { Statistics } from '../../../lib/statistics/statistics.js';
import { finding, fingerprint, NOON, query, relationLoad, site, unit } from './build-unit.js';

function only<T>(entries: Iterable<T>): T {
  const [first, ...rest] = entries;
  if (first === undefined || rest.length > 0)
    throw new Error(`expected one entry, got ${rest.length + (first ? 1 : 0)}`);
  return first;
}

function counted(...units: AnalysedUnit[]): Statistics {
  const statistics = new Statistics();
  for (const one of units) statistics.add(one, []);
  return statistics;
}

describe('Statistics: statements', () => {
  it('sums calls of one shape of one data source', () => {
    const statistics = counted(
      unit({ analysed: [query({ waitMs: 2, executeMs: 10, rowsReturned: 5 })] }),
      unit({
        name: 'GET /x',
        analysed: [query({ executeMs: 30, rowsReturned: 7, error: { type: 'E', message: 'no' } })],
      }),
    );
    const entry = only(statistics.statements.values());
    expect(entry).toMatchObject({ count: 2, rows: 12, errors: 1, totalMs: 42 });
    expect(entry.routesByTime().map(({ route }) => route)).toEqual(['GET /x', 'GET /authors']);
    expect(entry.times.wait.sum).toBe(2);
  });

  it('keeps the same text of two data sources apart', () => {
    const statistics = counted(unit({ analysed: [query(), query({ dataSource: 'reports' })] }));
    expect(statistics.statements.size).toBe(2);
    expect(statistics.dataSources.size).toBe(2);
  });

  it('remembers the three slowest calls with their traces', () => {
    const units = [5, 50, 1, 20, 10].map((executeMs, index) =>
      unit({ id: `u${index}`, traceId: `t${index}`, analysed: [query({ executeMs })] }),
    );
    expect(only(counted(...units).statements.values()).examples).toEqual([
      { traceId: 't1', unit: 'u1', durationMs: 50 },
      { traceId: 't3', unit: 'u3', durationMs: 20 },
      { traceId: 't4', unit: 'u4', durationMs: 10 },
    ]);
  });

  it('names at most 20 routes and 5 call sites', () => {
    const units = Array.from({ length: 30 }, (_, line) =>
      unit({ name: `GET /${line}`, analysed: [query({ callSite: site('a.ts', line) })] }),
    );
    const entry = only(counted(...units).statements.values());
    expect(entry.routesByTime()).toHaveLength(20);
    expect(entry.callSites).toHaveLength(5);
    expect(entry.count).toBe(30);
  });

  it('cuts very long texts', () => {
    const entry = only(counted(unit({ analysed: [query({}, 'x'.repeat(9_000))] })).statements.values());
    expect(entry.text).toHaveLength(4_096);
    expect(entry.text.endsWith('…')).toBe(true);
  });

  it('gives hydration to the statement that brought the rows', () => {
    const load = { kind: 'entities', id: 7, hydrateMs: 4 } as EntityLoadRecord;
    const statistics = counted(
      unit({
        loads: [load],
        analysed: [query({ load: 7, rowsReturned: 2 }, 'ids'), query({ load: 7, rowsReturned: 40 }, 'rows')],
      }),
    );
    expect(statistics.statements.get(`default\n${fingerprint('ids')}`)?.times.hydrate.sum).toBe(0);
    expect(statistics.statements.get(`default\n${fingerprint('rows')}`)?.times.hydrate.sum).toBe(4);
    expect(statistics.totals.hydrate).toBe(4);
  });
});

describe('Statistics: routes and relations', () => {
  it('counts units, failures and statements of a route', () => {
    const statistics = counted(
      unit({ analysed: [query(), query()], durationMs: 10 }),
      unit({
        analysed: [],
        durationMs: 30,
        status: 503,
        dropped: { queries: 4, loads: 1, cacheAccesses: 0 },
      }),
    );
    const route = only(statistics.routes.values());
    expect(route).toMatchObject({ units: 2, failures: 1, rows: 2, dropped: 5 });
    expect(route.durationMs.max).toBe(30);
    expect(route.queries.max).toBe(4);
    expect(statistics.totals).toMatchObject({ units: 2, queries: 6, dropped: 5 });
  });

  it('counts work after the response with its route, not as a unit', () => {
    const statistics = counted(
      unit({ analysed: [query()] }),
      unit({ isAfterResponse: true, analysed: [query()] }),
    );
    expect(only(statistics.routes.values())).toMatchObject({ units: 1, rows: 2 });
    expect(statistics.totals).toMatchObject({ units: 1, queries: 2 });
  });

  it('tells strategies of one relation apart and remembers the busiest unit', () => {
    const lazy = [relationLoad({ entities: 1, fanOut: 1 }), relationLoad({ entities: 3, fanOut: 3 })];
    const statistics = counted(
      unit({ relationLoads: [...lazy, relationLoad({ strategy: 'join', parents: 10 })] }),
      unit({ relationLoads: [relationLoad()] }),
    );
    expect(statistics.relations.size).toBe(2);
    const entry = statistics.relations.get('GET /authors\ndefault\nAuthor.books\nlazy\nfalse');
    expect(entry).toMatchObject({
      units: 2,
      loads: 3,
      maxLoadsPerUnit: 2,
      statements: 3,
      entities: 7,
      parents: 3,
    });
    expect(entry?.fanOut.max).toBe(3);
  });

  it('knows the relation through which the parents came', () => {
    const statistics = counted(
      unit({
        batches: [
          { id: 3, entity: 'Book', size: 9, from: { batch: 1, entity: 'Author', relation: 'books' } },
        ],
        relationLoads: [relationLoad({ entity: 'Book', property: 'reviews', parentBatch: 3 })],
      }),
    );
    expect(only(statistics.relations.values()).origin).toEqual({
      list: unseenCall('Author'),
      path: ['books'],
      isBackReference: false,
    });
  });
});

describe('Statistics: findings', () => {
  it('merges occurrences of one place and keeps the costliest', () => {
    const statistics = new Statistics();
    const at = (seconds: number, traceId: string): AnalysedUnit =>
      unit({ startedAt: NOON + seconds * 1_000, traceId });
    statistics.add(at(0, 'a'), [finding({ cost: { statements: 5, rows: 5, timeMs: 5 } })]);
    statistics.add(at(9, 'b'), [
      finding({
        cost: { statements: 90, rows: 90, timeMs: 90 },
        callSites: [site('src/authors.service.ts', 43)],
      }),
    ]);
    statistics.add(at(5, 'a'), [finding({ cost: { statements: 7, rows: 7, timeMs: 7 } })]);
    const entry = only(statistics.findings.values());
    expect(entry).toMatchObject({
      occurrences: 3,
      firstSeen: NOON,
      lastSeen: NOON + 9_000,
      traceIds: ['a', 'b'],
    });
    expect(entry.finding.cost.statements).toBe(90);
  });

  it('has one id for a place whose lines moved, and others for another route, relation or function', () => {
    const statistics = new Statistics();
    statistics.add(unit(), [
      finding(),
      finding({ callSites: [site('src/authors.service.ts', 99)] }),
      finding({ route: 'GET /x' }),
      finding({ relation: 'Author.awards' }),
      finding({ callSites: [site('src/authors.service.ts', 42, 'AuthorsService.other')] }),
    ]);
    expect(statistics.findings.size).toBe(4);
    for (const { id } of statistics.findings.values()) expect(id).toMatch(/^[0-9a-f]{12}$/);
  });

  it('has one id for a full pool, whichever statement of a route waited', () => {
    const { relation: _, ...waited } = finding({ kind: 'pool-wait' });
    const of = (text: string, server: 'primary' | 'replica', line: string): Finding => ({
      ...waited,
      statement: { fingerprint: fingerprint(text), text },
      server,
      callSites: [site(line)],
    });
    const statistics = new Statistics();
    statistics.add(unit(), [of('SELECT 1', 'primary', 'a.ts'), of('SELECT 2', 'primary', 'b.ts')]);
    statistics.add(unit(), [of('SELECT 1', 'replica', 'a.ts')]);
    expect([...statistics.findings.values()].map(({ occurrences }) => occurrences)).toEqual([2, 1]);
  });

  it('puts an occurrence without a sampled call site to the place that is known', () => {
    const statistics = new Statistics();
    statistics.add(unit(), [
      finding(),
      finding({ callSites: [], cost: { statements: 99, rows: 9, timeMs: 99 } }),
    ]);
    const entry = only(statistics.findings.values());
    expect(entry.occurrences).toBe(2);
    expect(entry.finding).toMatchObject({ cost: { statements: 99 }, callSites: [site()] });
  });
});

const someUnit = fc.record({
  name: fc.constantFrom('GET /a', 'GET /b', 'POST /c'),
  startedAt: fc.integer({ min: NOON, max: NOON + 60_000 }),
  durationMs: fc.double({ min: 0, max: 500, noNaN: true }),
  statements: fc.array(
    fc.record({
      text: fc.constantFrom('s1', 's2', 's3'),
      executeMs: fc.double({ min: 0.1, max: 300, noNaN: true }),
      rowsReturned: fc.integer({ min: 0, max: 50 }),
    }),
    { maxLength: 8 },
  ),
  relations: fc.array(fc.constantFrom('books', 'awards'), { maxLength: 4 }),
  hasFinding: fc.boolean(),
});

type SomeUnit = typeof someUnit extends fc.Arbitrary<infer T> ? T : never;

function feed(statistics: Statistics, units: readonly SomeUnit[]): Statistics {
  for (const { statements, relations, hasFinding, ...of } of units) {
    const analysed = statements.map(({ text, ...record }) => query(record, text));
    const relationLoads = relations.map((property) => relationLoad({ property }));
    statistics.add(unit({ ...of, analysed, relationLoads }), hasFinding ? [finding({ route: of.name })] : []);
  }
  return statistics;
}

function figures(statistics: Statistics): unknown {
  const round = (value: number): number => Number(value.toPrecision(9));
  return {
    totals: Object.values(statistics.totals).map(round),
    window: [statistics.from, statistics.to],
    statements: [...statistics.statements.values()]
      .map((entry) => [
        entry.text,
        entry.count,
        entry.rows,
        round(entry.totalMs),
        entry.times.execute.max,
        entry.lastSeen,
      ])
      .sort(),
    routes: [...statistics.routes.values()].map((entry) => [entry.route, entry.units, entry.rows]).sort(),
    relations: [...statistics.relations.values()]
      .map((entry) => [
        entry.identity.route,
        entry.identity.relation,
        entry.loads,
        entry.units,
        entry.maxLoadsPerUnit,
      ])
      .sort(),
    findings: [...statistics.findings.values()]
      .map((entry) => [entry.id, entry.occurrences, entry.firstSeen])
      .sort(),
  };
}

describe('Statistics: laws', () => {
  it('merges to what one would have counted, in either order', () => {
    fc.assert(
      fc.property(fc.array(someUnit), fc.array(someUnit), (a, b) => {
        const whole = figures(feed(new Statistics(), [...a, ...b]));
        const there = feed(new Statistics(), a);
        there.merge(feed(new Statistics(), b));
        const back = feed(new Statistics(), b);
        back.merge(feed(new Statistics(), a));
        expect(figures(there)).toEqual(whole);
        expect(figures(back)).toEqual(whole);
      }),
    );
  });

  it('leaves the other as it was', () => {
    fc.assert(
      fc.property(fc.array(someUnit), (units) => {
        const other = feed(new Statistics(), units);
        const before = figures(other);
        const merged = new Statistics();
        merged.merge(other);
        feed(merged, units);
        expect(figures(other)).toEqual(before);
      }),
    );
  });

  it('is as new after a reset', () => {
    fc.assert(
      fc.property(fc.array(someUnit), (units) => {
        const statistics = feed(new Statistics(), units);
        statistics.reset();
        expect(figures(statistics)).toEqual(figures(new Statistics()));
      }),
    );
  });

  it('keeps totals right while entries give way', () => {
    const statistics = new Statistics({ ...DEFAULT_STATISTICS_LIMITS, maxStatements: 10, maxRoutes: 3 });
    for (let i = 0; i < 100; i++) {
      statistics.add(
        unit({ name: `GET /${i}`, startedAt: NOON + i, analysed: [query({}, `statement ${i}`)] }),
        [],
      );
    }
    expect(statistics.statements.size).toBe(10);
    expect(statistics.evicted()).toMatchObject({ statements: 90, routes: 97, relations: 0 });
    expect(statistics.totals).toMatchObject({ units: 100, queries: 100 });
    expect(statistics.statements.get(`default\n${fingerprint('statement 99')}`)).toBeDefined();
  });
});
