import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { mysqlBlockOf } from '../../../lib/investigation/mysql/raw-plan.js';
import { readMysqlPlan } from '../../../lib/investigation/mysql/read-plan.js';
import type { PlanNode, QueryPlan } from '../../../lib/investigation/query-plan.js';
import { statementUses } from '../../../lib/investigation/statement-needs.js';
import { readSearch } from '../../../lib/sql/read-search.js';
import { airports, distinct, flights } from './flights.js';

const folder = new URL('fixtures/', import.meta.url);
const recorded = readdirSync(folder)
  .filter((file) => /^(mysql|mariadb)-.*\.json$/.test(file))
  .map((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')));

it('has plans of MariaDB 10.11, MySQL 8 and MySQL 9', () => {
  expect(
    recorded.map(({ database, version }) => `${database} ${Math.trunc(Number.parseFloat(version))}`),
  ).toEqual(['mariadb 10', 'mysql 8', 'mysql 9']);
});

describe.each(recorded)('a plan of $database $version', ({ database, version, plans }) => {
  const isMariadb = database === 'mariadb';
  const read = (name: string): QueryPlan => {
    const { statement, answer, cost } = plans[name];
    const search = readSearch(statement, 'mysql');
    return readMysqlPlan(mysqlBlockOf(answer.join('\n')), {
      database,
      version,
      values: 'literals',
      statement,
      search,
      uses: statementUses(search, [flights, airports]),
      distinct,
      ...(cost > 0 ? { cost } : {}),
    });
  };
  const warned = (name: string): readonly string[] => read(name).warnings.map(({ kind }) => kind);

  it('tells a scan that throws most rows away', () => {
    const plan = read('scan');
    expect(plan).toMatchObject({ database, version, isAnalyzed: false });
    expect(plan.root).toMatchObject({
      operation: 'ALL',
      access: 'full-scan',
      relation: 'flights',
      filter: expect.stringMatching(/flights.originId = \?/),
      isCostliest: true,
    });
    expect(plan.warnings).toEqual([
      { kind: 'scan-discards-rows', relation: 'flights', text: expect.stringMatching(/to keep 22\.$/) },
    ]);
    expect(plan.cost).toBeGreaterThan(1_000);
    expect(plan.rowsRead).toBeGreaterThan(19_000);
  });

  it('is content with a lookup by key, and with a range of an index', () => {
    expect(read('lookup').root).toMatchObject({ operation: 'const', access: 'index-scan', index: 'PRIMARY' });
    expect(read('lookup')).toMatchObject({ warnings: [], rowsRead: 1 });
    expect(read('range').root).toMatchObject({ operation: 'range', index: 'flights_departsAt' });
    expect(read('range').warnings).toEqual([]);
  });

  it('counts the inner side of a join as often as it runs', () => {
    const inner = find(read('join').root, 'airports');
    expect(inner).toMatchObject({
      operation: 'eq_ref',
      alias: 'a',
      condition: expect.stringMatching(/^id = /),
    });
    expect(inner?.loops).toBeGreaterThan(1);
  });

  it('tells a table that is read for a join without an index', () => {
    expect(read('outer').warnings.map(({ relation, kind }) => `${kind} ${relation}`)).toEqual(
      expect.arrayContaining(['scan-discards-rows airports', 'scan-discards-rows flights']),
    );
  });

  it('says what keeps indexes from being used, and shows no literal', () => {
    expect(warned('pattern')).toEqual(expect.arrayContaining(['leading-wildcard', 'function-on-column']));
    expect(JSON.stringify(read('pattern'))).not.toMatch(/secret|hidden/);
  });

  it('counts a subquery as often as it runs', () => {
    const scan = find(read('correlated').root, 'flights');
    expect(scan).toMatchObject({ access: 'full-scan', loops: 900, isCostliest: true });
    expect(scan?.costShare).toBeGreaterThan(0.8);
    expect(
      read('correlated')
        .warnings.map(({ text }) => text)
        .join(),
    ).toMatch(/flights is read 900 times/);
  });

  it('goes into derived tables and unions', () => {
    expect(find(read('derived').root, 'flights')?.access).toBe('full-scan');
    expect([...all(read('union').root)].flatMap(({ relation }) => relation ?? [])).toEqual(
      expect.arrayContaining(['flights', 'airports']),
    );
    expect(read('union').rowsReturned).toBeUndefined();
  });

  it('tells what is sorted, and what is collected for it', () => {
    expect(warned('sorted')).toEqual(['sort']);
    expect(read('sorted').root.operation).toBe('filesort');
  });

  it('keeps the note where there is nothing to do', () => {
    expect(read('impossible').root.operation).toMatch(/impossible where|no matching row/i);
  });

  if (isMariadb)
    it('takes rows and times as they were seen where the statement was run', () => {
      const scan = find(read('run').root, 'flights');
      expect(read('run').isAnalyzed).toBe(true);
      expect(scan).toMatchObject({ rowsActual: 23, rowsRemoved: 19_977, loops: 1 });
      expect(scan?.timeMs).toBeGreaterThan(0);
    });

  it('has one costliest step, and shares that make up the whole', () => {
    for (const name of Object.keys(plans)) {
      const nodes = [...all(read(name).root)];
      if (read(name).rowsRead === 0) continue;
      expect(nodes.filter(({ isCostliest }) => isCostliest)).toHaveLength(1);
      const sum = nodes.reduce((total, { costShare = 0 }) => total + costShare, 0);
      expect(sum).toBeGreaterThan(0.99);
      expect(sum).toBeLessThan(1.01);
    }
  });
});

describe('what is no plan', () => {
  it('is an error, and conditions that MariaDB does not escape are none', () => {
    expect(() => mysqlBlockOf('{}')).toThrow(/no plan/);
    expect(() => mysqlBlockOf('nonsense')).toThrow(/JSON/);
    expect(
      mysqlBlockOf(
        '{\n"query_block": {\n  "table": {\n    "attached_condition": "t.a = \'{"b": 1}\'"\n  }\n}\n}',
      ),
    ).toMatchObject({ query_block: { table: { attached_condition: `t.a = '{"b": 1}'` } } });
  });
});

function* all(node: PlanNode): Iterable<PlanNode> {
  yield node;
  for (const child of node.children) yield* all(child);
}

function find(root: PlanNode, relation: string): PlanNode | undefined {
  return [...all(root)].find((node) => node.relation === relation);
}
