import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { postgresNeeds } from '../../../lib/investigation/postgres/index-needs.js';
import { rawPlanOf } from '../../../lib/investigation/postgres/raw-plan.js';
import { readPostgresPlan } from '../../../lib/investigation/postgres/read-plan.js';
import type { PlanNode, QueryPlan } from '../../../lib/investigation/query-plan.js';

const folder = new URL('fixtures/', import.meta.url);
const recorded = readdirSync(folder)
  .filter((file) => /^postgres-\d+\.json$/.test(file))
  .map((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')));

const ROWS: Readonly<Record<string, number>> = { flights: 20_000, airports: 900 };

it('has plans of PostgreSQL 12 to 18', () => {
  expect(recorded.map(({ version }) => Math.trunc(Number.parseFloat(version))).sort()).toEqual([
    12, 13, 14, 15, 16, 17, 18,
  ]);
});

describe.each(recorded)('a plan of PostgreSQL $version', ({ version, plans }) => {
  const read = (name: string): QueryPlan =>
    readPostgresPlan(rawPlanOf(plans[name].answer), {
      version,
      values: 'generic',
      statement: plans[name].statement,
      tableRows: (_schema, table) => ROWS[table],
    });
  const needs = (name: string) => postgresNeeds(rawPlanOf(plans[name].answer));

  it('tells a scan that throws most rows away', () => {
    const plan = read('scan');
    expect(plan).toMatchObject({ database: 'postgres', version, rowsRead: 20_000, isAnalyzed: false });
    expect(plan.root).toMatchObject({
      access: 'full-scan',
      relation: 'flights',
      schema: 'public',
      isCostliest: true,
    });
    expect(plan.warnings).toEqual([
      {
        kind: 'scan-discards-rows',
        relation: 'flights',
        text: 'Every row of flights is read: 20,000 rows, to keep 22.',
      },
    ]);
    expect(needs('scan')).toMatchObject([
      { table: { schema: 'public', name: 'flights' }, equal: ['originId'] },
    ]);
  });

  it('is content with a lookup by key', () => {
    const plan = read('lookup');
    expect(plan.root).toMatchObject({
      access: 'index-scan',
      index: 'flights_pkey',
      condition: 'flights.id = $1',
    });
    expect(plan).toMatchObject({ warnings: [], rowsRead: 1 });
  });

  it('finds what a join asks of either side', () => {
    const flights = needs('join').find(({ table }) => table.name === 'flights');
    const airports = needs('join').find(({ table }) => table.name === 'airports');
    expect(flights).toMatchObject({
      joined: ['originId'],
      nullTests: [{ column: 'cancelledAt', isNull: true }],
    });
    expect(airports?.equal).toContain('iata');
  });

  it('finds a condition on another query of the statement', () => {
    expect(needs('correlated').find(({ table }) => table.name === 'flights')?.joined).toEqual(['originId']);
  });

  it('counts a subquery as often as it runs', () => {
    const scan = find(read('correlated').root, 'flights');
    expect(scan).toMatchObject({ loops: 900, isCostliest: true });
    expect(scan?.costShare).toBeGreaterThan(0.8);
  });

  it('says what keeps indexes from being used, and shows no literal', () => {
    const plan = read('pattern');
    expect(plan.warnings.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['leading-wildcard', 'function-on-column']),
    );
    expect(JSON.stringify(plan)).not.toMatch(/secret|hidden/);
  });

  it('takes rows and times as they were seen where the statement was run', () => {
    const plan = read('run');
    const scan = find(plan.root, 'flights');
    expect(plan).toMatchObject({ isAnalyzed: true, rowsReturned: 23, rowsRead: 20_000 });
    expect(scan).toMatchObject({ rowsActual: 23, rowsRemoved: 19_977, loops: 1 });
    expect(scan?.timeMs).toBeGreaterThan(0);
  });

  it('has one costliest step, and shares that make up the whole', () => {
    for (const name of Object.keys(plans)) {
      const nodes = [...all(read(name).root)];
      expect(nodes.filter(({ isCostliest }) => isCostliest)).toHaveLength(1);
      const sum = nodes.reduce((total, { costShare = 0 }) => total + costShare, 0);
      expect(sum).toBeGreaterThan(0.95);
      expect(sum).toBeLessThan(1.05);
    }
  });
});

function* all(node: PlanNode): Iterable<PlanNode> {
  yield node;
  for (const child of node.children) yield* all(child);
}

function find(root: PlanNode, relation: string): PlanNode | undefined {
  return [...all(root)].find((node) => node.relation === relation);
}
