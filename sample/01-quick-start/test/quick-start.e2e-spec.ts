import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { QueryLensService, type Report } from 'nestjs-query-lens';
import { AppModule } from '../src/app.module.js';
import { investigate, requestsOfRound, send } from '../traffic.mjs';

/** A 95th percentile needs three calls. */
const rounds = 3;

const planted = [
  {
    kind: 'n-plus-one',
    route: 'GET /airlines/:airlineId/maintenance',
    relation: 'Aircraft.maintenanceNotes',
    file: 'fleet.service.ts',
  },
  {
    kind: 'n-plus-one',
    route: 'GET /flights/delayed',
    relation: 'Flight.origin',
    file: 'flights.service.ts',
  },
  { kind: 'duplicate-query', route: 'GET /flights/:id', file: 'flights.service.ts' },
  { kind: 'count-per-row', route: 'GET /states', relation: 'State.airports', file: 'states.service.ts' },
  { kind: 'save-in-loop', route: 'POST /airlines/:airlineId/inspections', file: 'fleet.service.ts' },
  { kind: 'cartesian-product', route: 'GET /airports/:iata', file: 'airports.service.ts' },
  {
    kind: 'truncated-relation',
    route: 'GET /crew/roster',
    relation: 'CrewMember.flights',
    file: 'crew.service.ts',
  },
  { kind: 'unbounded-result', route: 'GET /flights/export', file: 'flights.service.ts' },
  { kind: 'slow-query', route: 'GET /reports/last-strikes', file: 'reports.service.ts' },
  { kind: 'failing-query', route: 'GET /reports/cancellations', file: 'reports.service.ts' },
  { kind: 'missing-index', route: 'GET /reports/last-strikes', file: 'reports.service.ts' },
  { kind: 'missing-index', route: 'GET /airlines/:airlineId/fleet', file: 'fleet.service.ts' },
  { kind: 'cacheable-query', route: 'GET /network/punctuality', file: 'network.service.ts' },
  { kind: 'cache-ineffective', route: 'GET /network/fares', cacheKey: 'default fare:*:*' },
];

/** Around 100 ms a statement, or around 2 ms: whether that is slow, or worth an index, depends on the machine. */
const foundOnSomeMachines = [
  'slow-query GET /reports/operations',
  'slow-query GET /flights/export',
  'slow-query GET /airports/:iata',
  'slow-query GET /airlines/:airlineId/fleet',
  'slow-query GET /network/punctuality',
  'slow-query GET /network/busiest-routes',
  'slow-query bootstrap',
  'missing-index GET /crew/roster',
  'missing-index GET /flights/delayed',
];

describe('sample 01: quick start', () => {
  let app: INestApplication;
  let report: Report;
  let text: string;

  beforeAll(async () => {
    app = await NestFactory.create(AppModule, { logger: false, forceCloseConnections: true });
    await app.listen(0);
    const url = await app.getUrl();
    let sent = 0;
    for (const request of Array.from({ length: rounds }, (_, round) => requestsOfRound(round)).flat()) {
      await send(url, request);
      sent += 1;
    }
    await reportOf(app, sent);
    const lens = app.get(QueryLensService);
    await investigate(url);
    report = await lens.report();
    text = await lens.text();
  }, 600_000);

  afterAll(() => app.close());

  it.each(planted)('finds $kind on $route', ({ kind, route, relation, file, cacheKey }) => {
    const finding = report.findings.find((found) => found.kind === kind && found.route === route);
    expect(finding).toBeDefined();
    if (relation) expect(finding!.relation).toBe(relation);
    if (file) expect(finding!.callSites[0]?.file).toMatch(new RegExp(`${file}$`));
    if (cacheKey) expect(finding!.cacheKey).toBe(cacheKey);
    expect(finding!.advice.text).not.toBe('');
  });

  it('tries the advice for its loops: both forms give the same entities, and one that helps is found on every machine', () => {
    const loops = report.findings.filter(({ kind }) => kind === 'n-plus-one');
    expect(loops).toHaveLength(2);
    for (const { advice, whyNot } of loops) {
      expect(whyNot).toBeUndefined();
      expect(advice.verified).toMatchObject({
        rung: 'measured',
        how: expect.stringMatching(/^same \d+ entities/),
      });
      const { before, after } = advice.verified!.measured!;
      expect(after.statements).toBeLessThan(before.statements);
    }
  });

  it('finds nothing that is not planted', () => {
    const expected = new Set(planted.map(({ kind, route }) => `${kind} ${route}`));
    for (const key of foundOnSomeMachines) expected.add(key);
    const surprises = report.findings
      .map(({ kind, route, relation }) => ({ key: `${kind} ${route}`, relation }))
      // One connection for everybody: on a busy machine a route waits for it, and is told so.
      .filter(({ key }) => !expected.has(key) && !key.startsWith('pool-wait '));
    expect(surprises).toEqual([]);
  });

  it('names every planted fault once per route and relation', () => {
    const names = report.findings
      .filter(({ kind }) => kind !== 'slow-query' && kind !== 'missing-index')
      .map(({ kind, route, relation }) => `${kind} ${route} ${relation}`);
    expect(names).toEqual([...new Set(names)]);
  });

  it('keeps the relations that are loaded well', () => {
    const verdicts = report.loadingStrategies
      .filter(({ route }) =>
        ['GET /airports', 'GET /airports/:iata/departures', 'GET /flights'].includes(route),
      )
      .map(({ route, relation, verdict }) => `${route} ${relation} ${verdict.choice}`);
    expect(verdicts.sort()).toEqual([
      'GET /airports Airport.state keep',
      'GET /airports/:iata/departures Flight.destination keep',
      'GET /flights Flight.crew keep',
      'GET /flights Flight.destination keep',
    ]);
  });

  it.each([
    ['ReportsService.lastStrikes', '@Index', 'MaintenanceNote'],
    ['FleetService.use', '@Index', 'Flight'],
  ])('advises an index for %s that the planner has verified', (place, decorator, entity) => {
    const [advice] = queryOf(place)?.advice ?? [];
    expect(advice?.verified?.rung).toBe('planner-verified');
    const { before = '', after = '' } = advice?.verified ?? {};
    expect(costOf(after)).toBeLessThan(costOf(before) / 2);
    expect(advice?.code).toContain(`${decorator}('IDX_`);
    expect(advice?.code).toContain(`export class ${entity} `);
    expect(text).toContain(`${before} -> ${after.replace('cost ', '')}`);
    expect(text).toContain(advice?.code?.split('\n')[0]);
  });

  it('says why a statement gets no index', () => {
    const reason = queryOf('FlightsService.export')?.whyNot;
    expect(reason).toContain('all of it is asked for');
    expect(text).toContain(reason);
  });

  it('tells the cache that saves from the one that wastes', () => {
    const cacheOf = (pattern: string) => report.caches.find((cache) => cache.pattern === pattern);
    expect(cacheOf('busiest-routes')).toMatchObject({
      lookUps: 5 * rounds,
      misses: 1,
      saved: { statements: 5 * rounds - 1 },
    });
    expect(cacheOf('fare:*:*')).toMatchObject({ lookUps: 25 * rounds, hits: 0, saved: { statements: 0 } });
    expect(text).toMatch(/busiest-routes +15 +93 %/);
    expect(text).toMatch(/fare:\*:\* +75 +0 %/);
  });

  function queryOf(place: string) {
    return report.slowQueries.find(({ callSites }) => callSites.some((site) => site.function === place));
  }

  it('reports nothing about its own cost that a user must worry about', () => {
    expect(report.self.failures).toEqual([]);
    expect(report.self.degraded).toEqual([]);
  });
});

/** Of `cost 1,234`. */
function costOf(text: string): number {
  return Number(text.replace(/\D/g, ''));
}

/** Analysis runs after the response: waits until every request has been analysed. */
async function reportOf(app: INestApplication, units: number): Promise<Report> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const report = await app.get(QueryLensService).report();
    if (report.totals.units >= units) return report;
    await new Promise((wake) => setTimeout(wake, 50));
  }
  throw new Error('QueryLens did not analyse all requests within 5 s');
}
