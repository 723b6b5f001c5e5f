import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { PostgresExplainer } from '../../../lib/explain/postgres/postgres-explainer.js';
import { indexText } from '../../../lib/investigation/index-definition.js';
import { judgeStatement } from '../../../lib/investigation/judge-statement.js';
import type { SqlSession } from '../../../lib/investigation/sql-session.js';
import { exportStatistics, type Ask } from '../../../lib/shadow/export-statistics.js';
import type { ProductionStatistics } from '../../../lib/shadow/production-statistics.js';
import type { ShadowDatabase } from '../../../lib/shadow/shadow-database.js';
import { ShadowExplainer } from '../../../lib/shadow/shadow-explainer.js';
import { describeOn } from '../../databases.js';
import { openShadow } from './open-shadow.js';

const ROWS = 200_000;
const schema = [
  `CREATE TYPE flight_status AS ENUM ('planned', 'landed', 'cancelled')`,
  `CREATE DOMAIN iata AS varchar(3) CHECK (VALUE ~ '^[A-Z]{3}$')`,
  `CREATE TABLE airline (id serial PRIMARY KEY, name text NOT NULL UNIQUE)`,
  `CREATE TABLE flight (id serial PRIMARY KEY, origin iata NOT NULL, status flight_status NOT NULL,
     "delayMinutes" int, airline_id int NOT NULL REFERENCES airline, departs timestamptz NOT NULL, secret text)`,
  `INSERT INTO airline (name) SELECT 'airline ' || n FROM generate_series(1, 50) n`,
  `INSERT INTO flight (origin, status, "delayMinutes", airline_id, departs, secret)
     SELECT CASE WHEN n % 3 = 0 THEN 'ATL' ELSE chr(65 + n % 26) || chr(65 + n / 26 % 26) || chr(65 + n / 676 % 26) END,
       (CASE WHEN n % 1000 = 0 THEN 'cancelled' WHEN n % 10 = 0 THEN 'planned' ELSE 'landed' END)::flight_status,
       n % 400, 1 + n % 50, timestamptz '2026-01-01' + n * interval '1 minute', 'planted secret ' || n
     FROM generate_series(1, ${ROWS}) n`,
  `CREATE INDEX flight_cancelled ON flight (departs) WHERE status = 'cancelled'`,
  `CREATE VIEW late AS SELECT * FROM flight WHERE "delayMinutes" > 60`,
  `VACUUM ANALYZE`,
];

const ask =
  (dataSource: DataSource): Ask =>
  (sql, parameters) =>
    dataSource.query(sql, parameters as unknown[]);

describeOn(['postgres'], (database) => {
  let production: DataSource;
  let statistics: ProductionStatistics;
  let shadow: ShadowDatabase;
  let close: () => Promise<void>;
  let explainer: ShadowExplainer;
  let client: pg.Client;
  let live: PostgresExplainer;

  beforeAll(async () => {
    production = await database.open();
    for (const statement of schema) await production.query(statement);
    statistics = await exportStatistics(ask(production), { hasValues: true, now: 0 });
    ({ shadow, close } = await openShadow(statistics));
    explainer = await ShadowExplainer.open(shadow, 10_000);
    await production.query('CREATE EXTENSION hypopg');
    client = new pg.Client({ connectionString: (database.options() as { url: string }).url });
    client.on('error', () => undefined);
    await client.connect();
    live = await PostgresExplainer.open(sessionOf(client), {
      statementTimeoutMs: 10_000,
      analyze: false,
      trialIndexes: false,
    });
  }, 600_000);
  afterAll(async () => {
    await client.end();
    await close();
  });

  describe('the export', () => {
    it('has tables, types, views and indexes, and no row', () => {
      expect(statistics.tables.map(({ name, rows }) => [name, rows])).toEqual([
        ['airline', 50],
        ['flight', ROWS],
      ]);
      expect(statistics.types.map(({ name }) => name)).toEqual(['flight_status', 'iata']);
      expect(statistics.views.map(({ name }) => name)).toEqual(['late']);
      expect(JSON.stringify(statistics)).not.toContain('planted secret');
    });

    it('leaves most-common values out where they are not wanted', async () => {
      const bare = await exportStatistics(ask(production), { hasValues: false, now: 0 });
      expect(JSON.stringify(statistics)).toContain('ATL');
      expect(JSON.stringify(bare)).not.toMatch(/ATL|landed'|airline 1/u);
      expect(bare.tables[1]?.columns[1]?.statistics?.distinct).toBe(
        statistics.tables[1]?.columns[1]?.statistics?.distinct,
      );
    });

    it('runs in a read-only transaction', async () => {
      await production.transaction(async (manager) => {
        await manager.query('SET TRANSACTION READ ONLY');
        const again = await exportStatistics((sql, values) => manager.query(sql, values as unknown[]), {
          hasValues: true,
          now: 0,
        });
        expect(again.tables).toEqual(statistics.tables);
      });
    });
  });

  it('rebuilds everything', () => {
    expect(shadow.notRebuilt).toEqual([]);
  });

  it.each([
    `SELECT * FROM flight WHERE origin = 'ATL'`,
    `SELECT * FROM flight WHERE origin = 'BCD'`,
    `SELECT * FROM flight WHERE status = 'cancelled'`,
    `SELECT * FROM flight WHERE status = 'planned' AND airline_id = 7`,
    `SELECT * FROM flight WHERE airline_id = $1`,
    `SELECT * FROM flight JOIN airline ON airline_id = airline.id WHERE origin = $1 ORDER BY departs`,
  ])('plans %s as production does, at the same cost', async (text) => {
    const [expected, { plan }] = [await live.explain({ text }), await explainer.explain({ text })];
    expect(plan.shape).toBe(expected.plan.shape);
    expect(Number(plan.cost) / Number(expected.plan.cost)).toBeGreaterThan(0.9);
    expect(Number(plan.cost) / Number(expected.plan.cost)).toBeLessThan(1.1);
    expect(Number(plan.rowsRead) / Number(expected.plan.rowsRead)).toBeGreaterThan(0.9);
  });

  it.each([
    `SELECT * FROM flight WHERE origin = $1`,
    `SELECT * FROM flight WHERE origin = 'ATL'`,
    `SELECT * FROM flight WHERE status = 'landed'`,
    `SELECT * FROM flight WHERE status = 'cancelled'`,
    `SELECT * FROM flight WHERE airline_id = $1 AND origin = $2`,
    `SELECT * FROM flight ORDER BY departs DESC LIMIT 20`,
    `SELECT * FROM flight WHERE airline_id = $1 ORDER BY departs LIMIT 10`,
    `SELECT * FROM flight WHERE id = $1`,
    `SELECT count(*) FROM airline JOIN flight ON airline_id = airline.id WHERE name = $1`,
    `SELECT * FROM late WHERE origin = 'BCD'`,
    `SELECT * FROM flight`,
    `SELECT * FROM airline WHERE name LIKE $1`,
  ])('judges %s as HypoPG does', async (text) => {
    const [expected, found] = [
      await judgeStatement(live, { text }),
      await judgeStatement(explainer, { text }),
    ];
    expect(found.indexes.map(indexText)).toEqual(expected.indexes.map(indexText));
    expect(found.whyNot === undefined).toBe(expected.whyNot === undefined);
    if (expected.cost !== undefined) expect(Number(found.cost) / expected.cost).toBeLessThan(1.5);
  });

  it('is as before after a trial', async () => {
    const text = `SELECT * FROM flight WHERE origin = 'BCD'`;
    const before = await explainer.explain({ text });
    const index = { table: { name: 'flight' }, columns: [{ column: 'origin' }] };
    const tried = await explainer.explain({ text }, [index]);
    expect(tried.tried).toEqual([{ isUsed: true, bytes: expect.any(Number) }]);
    expect(await explainer.explain({ text })).toEqual(before);
  });

  it('knows how large production is, and how much it writes', async () => {
    const [facts] = await explainer.facts([{ name: 'flight' }]);
    expect(facts).toMatchObject({ rows: ROWS, isAnalyzed: true, writes: ROWS });
    expect(facts?.indexes.find(({ name }) => name === 'flight_pkey')).toMatchObject({ isPrimary: true });
  });
});

describe('a schema that cannot be rebuilt', () => {
  it('is told, table by table', async () => {
    const { shadow, close } = await openShadow({
      ...NOTHING,
      tables: [
        table('place', [{ name: 'at', type: 'geometry(Point,4326)', isNullable: true }]),
        table('plain', [{ name: 'id', type: 'integer', isNullable: false }]),
        { ...table('measure', []), kind: 'partitioned' },
      ],
    });
    expect(shadow.notRebuilt).toEqual([
      expect.objectContaining({ subject: 'table public.place', table: 'public.place' }),
      expect.objectContaining({ table: 'public.measure', reason: expect.stringContaining('partitioned') }),
    ]);
    const explainer = await ShadowExplainer.open(shadow, 10_000);
    expect(await judgeStatement(explainer, { text: 'SELECT * FROM plain WHERE id = $1' })).toMatchObject({
      whyNot: expect.stringContaining('plain is empty or was never analysed'),
    });
    await expect(explainer.explain({ text: 'SELECT * FROM place' })).rejects.toThrow('does not exist');
    await close();
  }, 600_000);
});

function sessionOf(client: pg.Client): SqlSession {
  return {
    use: (work) =>
      work(async (text, values) => {
        const { rows } = await client.query(text, values as unknown[]);
        return rows as Record<string, unknown>[];
      }),
    close: () => client.end(),
  };
}

const NOTHING: ProductionStatistics = {
  schema: 'query-lens/statistics@1',
  exportedAt: new Date(0).toISOString(),
  serverVersion: '16.4',
  hasValues: false,
  searchPath: 'public',
  settings: {},
  types: [],
  tables: [],
  views: [],
};

function table(name: string, columns: ProductionStatistics['tables'][number]['columns']) {
  return {
    schema: 'public',
    name,
    kind: 'table' as const,
    rows: 1_000,
    pages: 10,
    allVisiblePages: 0,
    bytes: 81_920,
    columns,
    indexes: [],
  };
}
