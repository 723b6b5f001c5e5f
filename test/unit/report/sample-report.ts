import type { Finding } from '../../../lib/analysis/finding.js';
import type { RelationLoad } from '../../../lib/analysis/relation-load.js';
import { DEFAULT_THRESHOLDS } from '../../../lib/analysis/thresholds.js';
import type { SchemaModel } from '../../../lib/record/schema-model.js';
import { buildReport, type ReportFacts } from '../../../lib/report/build-report.js';
import type { Report } from '../../../lib/report/report.js';
import { Statistics } from '../../../lib/statistics/statistics.js';
import { finding, NOON, query, relationLoad, site, unit } from '../statistics/build-unit.js';

export const FACTS: ReportFacts = {
  self: {
    analysisMicroseconds: 41_250,
    unitsAnalysed: 108,
    recordsKept: 5_124,
    recordsDropped: 0,
    failures: [],
    degraded: [],
    ignores: [{ rule: 'n-plus-one Author.agent', matched: 3, isExpired: false }],
  },
  instance: { id: 'a1', pid: 42, node: '20.19.0', version: '0.1.0' },
  thresholds: DEFAULT_THRESHOLDS,
  now: NOON + 312_000,
};

const columnsOf = (alias: string, names: readonly string[]): string =>
  names.map((name) => `"${alias}"."${name}" AS "${alias}_${name}"`).join(', ');

const FLIGHT_COLUMNS = [
  'id',
  'number',
  'departsAt',
  'arrivesAt',
  'delayMinutes',
  'distance',
  'origin_id',
  'destination_id',
];

const DELAYS =
  `SELECT ${columnsOf('flight', FLIGHT_COLUMNS)} FROM "operations"."flight" "flight" ` +
  `LEFT JOIN "airport" "origin" ON "origin"."id"="flight"."origin_id" ` +
  `WHERE "flight"."delayMinutes" > ? AND "flight"."departsAt" BETWEEN ? AND ? AND ("origin"."state" = ? OR "origin"."city" ILIKE ?) ` +
  `ORDER BY "flight"."delayMinutes" DESC, "flight"."id" ASC LIMIT ?`;

const SUMMARY =
  'SELECT "origin_id", COUNT(*), AVG("delayMinutes") FROM "operations"."flight" GROUP BY "origin_id" HAVING COUNT(*) > ? ORDER BY ? DESC';

const DEPARTURES = {
  entity: 'Airport',
  relation: 'departures',
  alias: 'departures',
  parentAlias: 'airport',
  isSelected: true,
  isEager: false,
  isToMany: true,
};

const schemas = new Map<string, SchemaModel>([
  ['default', { dataSource: 'default', driver: 'postgres', typeormVersion: '1', entities: [] }],
]);

const flightsSite = site('src/flights/flights.service.ts', 88, 'FlightsService.delays');
const airportsSite = site('src/airports/airports.service.ts', 31, 'AirportsService.list');

function airportsUnit(statistics: Statistics, at: number): void {
  const flights = Array.from({ length: 50 }, (_, index) =>
    relationLoad({
      entity: 'Airport',
      property: 'departures',
      target: 'Flight',
      fanOut: 20 + (index % 9),
      maxFanOut: 28,
      entities: 24,
      rows: 24,
      timeMs: { wait: 0, execute: 0.8, hydrate: 0.4 },
      callSites: [airportsSite],
    }),
  );
  const state = Array.from({ length: 50 }, () =>
    relationLoad({
      entity: 'Airport',
      property: 'state',
      target: 'State',
      isToMany: false,
      fanOut: 1,
      maxFanOut: 1,
      entities: 1,
      rows: 1,
      timeMs: { wait: 0, execute: 0.3, hydrate: 0.1 },
      callSites: [airportsSite],
    }),
  );
  const found = (relation: string, text: string, code: string): Finding =>
    finding({
      route: 'GET /airports',
      relation,
      title: `${relation} was loaded 50 times, parent by parent`,
      callSites: [airportsSite],
      evidence: {
        text: '50 statements with different values, for 50 parents that came from one list.',
        facts: { statements: 50, strategy: 'lazy' },
      },
      cost: {
        statements: 50,
        rows: relation === 'Airport.state' ? 50 : 1_200,
        timeMs: relation === 'Airport.state' ? 15 : 40,
      },
      advice: { text, code },
    });
  const analysed = Array.from({ length: 101 }, () =>
    query(
      { executeMs: 0.7, rowsReturned: 12 },
      'SELECT "departures"."id" FROM "operations"."flight" "departures" WHERE "departures"."origin_id" = ?',
    ),
  );
  statistics.add(
    unit({
      name: 'GET /airports',
      schemas,
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      startedAt: NOON + at,
      durationMs: 121,
      analysed,
      relationLoads: [...flights, ...state],
    }),
    [
      found(
        'Airport.departures',
        'Load Airport.departures for all parents with one statement of its own: a join would multiply rows here.',
        "airportRepository.find({ relations: { departures: true }, relationLoadStrategy: 'query' })",
      ),
      found(
        'Airport.state',
        'Load Airport.state together with its parents, joined: one statement instead of 51.',
        'airportRepository.find({ relations: { state: true } })',
      ),
    ],
  );
}

function delaysUnit(statistics: Statistics, at: number): void {
  const slow = { executeMs: 96 + (at % 7) * 12, rowsReturned: 200, callSite: flightsSite };
  const joined: RelationLoad = relationLoad({
    strategy: 'join',
    entity: 'Flight',
    property: 'origin',
    target: 'Airport',
    isToMany: false,
    parents: 200,
    entities: 200,
    rows: 200,
    carried: { rows: 200, distinct: 25 },
    fanOut: 1,
    maxFanOut: 1,
    timeMs: { wait: 0.2, execute: 96, hydrate: 6 },
    join: {
      entity: 'Flight',
      relation: 'origin',
      alias: 'origin',
      parentAlias: 'flight',
      isSelected: true,
      isEager: false,
      isToMany: false,
    },
  });
  statistics.add(
    unit({
      name: 'GET /flights/delays',
      schemas,
      startedAt: NOON + at,
      durationMs: 140,
      analysed: [
        query(slow, {
          text: DELAYS,
          fingerprint: 'aaaabbbbccccdddd',
          summary: 'SELECT operations.flight airport',
        }),
        query(
          { executeMs: 18, rowsReturned: 60, callSite: flightsSite },
          { text: SUMMARY, fingerprint: '1111222233334444', summary: 'SELECT operations.flight' },
        ),
      ],
      relationLoads: [joined],
    }),
    [],
  );
}

function pageUnit(statistics: Statistics): void {
  statistics.add(
    unit({
      name: 'GET /airports/page',
      startedAt: NOON + 9_000,
      analysed: [query({ rowsReturned: 20 })],
      relationLoads: [
        relationLoad({
          entity: 'Airport',
          property: 'departures',
          strategy: 'join',
          join: DEPARTURES,
          parents: 4,
          entities: 20,
          rows: 20,
          idStatements: 1,
          fanOut: 5,
        }),
      ],
    }),
    [
      finding({
        kind: 'truncated-relation',
        severity: 'error',
        route: 'GET /airports/page',
        relation: 'Airport.departures',
        title: 'Airport.departures is cut: limit counts rows, not airports',
        callSites: [site('src/airports/airports.service.ts', 61, 'AirportsService.page'), airportsSite],
        evidence: {
          text: 'limit(20) with a joined collection returned 20 rows for 4 airports.',
          facts: { rows: 20 },
        },
        cost: { statements: 1, rows: 20, timeMs: 2.4 },
        advice: { text: 'Use take and skip, which count airports.', code: '.take(20)\n.skip(page * 20)' },
      }),
    ],
  );
}

/** A booking that pauses inside of its transaction while others wait for the pool, and one that loses a lock. */
function bookingsUnit(statistics: Statistics): void {
  const bookingsSite = site('src/bookings/bookings.service.ts', 27, 'BookingsService.book');
  const lock = { text: 'UPDATE "seat" SET "booking_id" = ? WHERE "id" = ?', summary: 'UPDATE seat' };
  const asked = { callSite: bookingsSite, transaction: 1 } as const;
  const lost = { type: 'DatabaseError', code: '40P01', message: 'deadlock detected' };
  const user = { callSite: bookingsSite, connections: 2, idle: 1, inTransaction: 2 };
  statistics.add(
    unit({
      name: 'POST /bookings',
      startedAt: NOON + 20_000,
      durationMs: 900,
      analysed: [
        query({ ...asked, startMs: 2, executeMs: 3 }, 'SELECT "id" FROM "seat" WHERE "flight_id" = ?'),
        query({ ...asked, sequence: 1, startMs: 480, executeMs: 12, error: lost }, lock),
      ],
      transactions: [
        {
          kind: 'transaction',
          id: 1,
          dataSource: 'default',
          runner: 1,
          startMs: 1,
          durationMs: 493,
          outcome: 'rolled-back',
          error: lost,
          statements: 2,
          savepoints: 0,
          idleMs: 476,
          gaps: [{ startMs: 5, durationMs: 475 }],
          boundaryMs: 1.5,
          callSite: bookingsSite,
        },
      ],
      pools: [
        {
          dataSource: 'default',
          server: 'primary',
          waitsMs: [0.2, 310],
          requests: [{ startMs: 0, waitMs: 310, size: 2, own: 0, ownInTransaction: 0, holders: [] }],
          saturations: [
            {
              startedAt: NOON + 19_700,
              durationMs: 312,
              size: 2,
              requests: 3,
              maxWaiting: 3,
              refused: 0,
              holders: [{ unit: 'POST /bookings', heldMs: 490, ...user }],
              waiters: [{ ...user, unit: 'GET /airports', heldMs: 310, callSite: airportsSite }],
            },
          ],
        },
      ],
    }),
    [],
  );
}

/** An hour in the life of an airline application: several routes, several faults, long SQL. */
export function sampleStatistics(): Statistics {
  const statistics = new Statistics();
  for (let i = 0; i < 12; i++) airportsUnit(statistics, i * 1_000);
  for (let i = 0; i < 40; i++) delaysUnit(statistics, i * 500);
  pageUnit(statistics);
  bookingsUnit(statistics);
  return statistics;
}

export function sampleReport(): Report {
  return buildReport(sampleStatistics(), FACTS);
}

export function emptyReport(): Report {
  return buildReport(new Statistics(), FACTS);
}
