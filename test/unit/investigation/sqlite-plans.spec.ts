import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { PlanNode, QueryPlan } from '../../../lib/investigation/query-plan.js';
import { planStep } from '../../../lib/investigation/sqlite/plan-row.js';
import { readSqlitePlan } from '../../../lib/investigation/sqlite/read-plan.js';
import { statementUses } from '../../../lib/investigation/statement-needs.js';
import { readSearch } from '../../../lib/sql/read-search.js';
import { airports, distinct, flights } from './flights.js';

const recorded = JSON.parse(readFileSync(new URL('fixtures/sqlite.json', import.meta.url), 'utf8'));

describe.each(recorded)('a plan of SQLite $version ($library)', ({ version, statistics, plans }: any) => {
  const indexRows = (index: string): readonly number[] | undefined =>
    statistics
      .find(({ idx }: { idx: string }) => idx === index)
      ?.stat.split(' ')
      .map(Number);
  const read = (name: string): QueryPlan => {
    const { statement, answer } = plans[name];
    const search = readSearch(statement, 'standard');
    return readSqlitePlan(answer, {
      version,
      values: 'literals',
      statement,
      search,
      uses: statementUses(search, [flights, airports]),
      indexRows,
      distinct,
    });
  };
  const texts = (name: string): string =>
    read(name)
      .warnings.map(({ text }) => text)
      .join(' ');

  it('tells a scan that throws most rows away', () => {
    expect(read('scan')).toMatchObject({ database: 'sqlite', version, rowsRead: 20_000, rowsReturned: 22 });
    expect(read('scan').cost).toBeUndefined();
    expect(read('scan').root).toMatchObject({ operation: 'SCAN', access: 'full-scan', relation: 'flights' });
    expect(texts('scan')).toBe('Every row of flights is read: 20,000 rows, to keep 22.');
  });

  it('is content with a lookup by key, and with an index', () => {
    expect(read('lookup')).toMatchObject({ warnings: [], rowsRead: 1 });
    expect(read('lookup').root).toMatchObject({
      operation: 'SEARCH',
      access: 'index-scan',
      condition: 'rowid=?',
    });
    expect(read('range').root).toMatchObject({ index: 'flights_departsAt', rowsEstimated: 5_000 });
    expect(read('covering').root).toMatchObject({ access: 'index-only-scan', rowsEstimated: 1 });
  });

  it('tells an index that is built for one statement', () => {
    expect(texts('outer')).toMatch(/Every row of flights is read to build an index for this statement alone/);
  });

  it('says what keeps indexes from being used, and shows no literal', () => {
    expect(read('pattern').warnings.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['leading-wildcard', 'function-on-column']),
    );
    expect(JSON.stringify(read('pattern'))).not.toMatch(/secret|hidden/);
  });

  it('counts a subquery as often as it runs', () => {
    expect(find(read('correlated').root, 'flights')).toMatchObject({ access: 'full-scan', loops: 900 });
    expect(texts('correlated')).toMatch(/flights is read 900 times/);
  });

  it('goes into both sides of OR and UNION', () => {
    expect(find(read('either').root, 'flights')).toMatchObject({ index: 'flights_departsAt' });
    expect(find(read('union').root, 'airports')).toMatchObject({ access: 'full-scan' });
    expect(read('union').rowsReturned).toBeUndefined();
  });

  it('tells what is sorted', () => {
    expect(texts('sorted')).toMatch(/20,000 rows are put in order for ORDER BY/);
  });

  it('reads no row for a constant', () => {
    expect(read('constant')).toMatchObject({ rowsRead: 0, warnings: [] });
  });
});

describe('a step', () => {
  it.each([
    ['SCAN TABLE flights AS f USING INDEX i', { operation: 'SCAN', alias: 'f', index: 'i' }],
    ['SEARCH TABLE flights USING COVERING INDEX i (a=? AND b>?)', { alias: 'flights', isCovering: true }],
    ['SCAN SUBQUERY 1 AS x', { operation: 'SCAN', alias: 'x' }],
    ['SEARCH w USING PRIMARY KEY (a=?)', { alias: 'w', condition: 'a=?', isRowid: false }],
    ['CO-ROUTINE x', { operation: 'CO-ROUTINE x' }],
    ['SCAN (subquery-1)', { operation: 'SCAN (subquery-1)' }],
  ])('%s', (detail, expected) => {
    expect(planStep(detail)).toMatchObject(expected);
  });
});

function find(node: PlanNode, relation: string): PlanNode | undefined {
  if (node.relation === relation) return node;
  for (const child of node.children) {
    const found = find(child, relation);
    if (found !== undefined) return found;
  }
  return undefined;
}
