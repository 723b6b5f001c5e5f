import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { distinctValues } from '../../../lib/explain/distinct-values.js';
import { sampledValues } from '../../../lib/explain/mysql/sampled-values.js';
import { rowsAskedFor } from '../../../lib/investigation/rows-asked-for.js';
import { statementUses } from '../../../lib/investigation/statement-needs.js';
import { viewColumns } from '../../../lib/investigation/view-columns.js';
import { readSearch } from '../../../lib/sql/read-search.js';
import { airports, flights } from './flights.js';

const uses = (sql: string) => statementUses(readSearch(sql, 'mysql'), [flights, airports]);
const needs = (sql: string) =>
  uses(sql).map(({ alias, need: { equal, joined, range, sort, nullTests } }) => ({
    alias,
    equal,
    joined,
    range,
    sort,
    nullTests,
  }));
const nothing = { equal: [], joined: [], range: [], sort: [], nullTests: [] };

describe('what a statement asks of a table', () => {
  it.each([
    ['a value', 'originId = 7', { equal: ['originId'] }],
    ['a list', 'originId IN (1, 2)', { equal: ['originId'] }],
    ['another case of letters', '`ORIGINID` = ?', { equal: ['originId'] }],
    ['a range', 'departsAt BETWEEN ? AND ?', { range: ['departsAt'] }],
    ['a pattern that begins with letters', `note LIKE 'a%'`, { range: ['note'] }],
    ['a pattern that does not', `note LIKE '%a'`, {}],
    ['a pattern that is not known', 'note LIKE ?', {}],
    [
      'NULL',
      'cancelledAt IS NULL',
      { equal: ['cancelledAt'], nullTests: [{ column: 'cancelledAt', isNull: true }] },
    ],
    ['no NULL', 'cancelledAt IS NOT NULL', { nullTests: [{ column: 'cancelledAt', isNull: false }] }],
    ['NULL as a value, which nothing equals', 'originId = NULL', {}],
    ['one of two', 'originId = 7 OR id = 8', {}],
    ['the opposite', 'NOT (originId = 7)', {}],
    ['a function', 'lower(note) = ?', {}],
    ['a column of nothing', 'gate = 7', {}],
  ])('%s', (_name, where, expected) => {
    expect(needs(`SELECT * FROM flights WHERE ${where}`)).toEqual([
      { alias: 'flights', ...nothing, ...expected },
    ]);
  });

  it('knows which table a bare column is of, and gives up where it could be two', () => {
    expect(
      needs('SELECT * FROM flights f JOIN airports a ON a.id = f.originId WHERE iata = ? AND id = 3'),
    ).toEqual([
      { alias: 'f', ...nothing, joined: ['originId'] },
      { alias: 'a', ...nothing, equal: ['iata'], joined: ['id'] },
    ]);
  });

  it('knows what an outer join goes by, and a subquery for each row', () => {
    expect(needs('SELECT * FROM airports a LEFT JOIN flights f ON f.originId = a.id')[1]?.joined).toEqual([
      'originId',
    ]);
    expect(
      needs('SELECT * FROM airports a WHERE EXISTS (SELECT 1 FROM flights f WHERE f.originId = a.id)').map(
        ({ joined }) => joined,
      ),
    ).toEqual([['id'], ['originId']]);
  });

  it.each([
    ['ORDER BY departsAt DESC, id', [{ column: 'departsAt', isDescending: true }, { column: 'id' }]],
    ['ORDER BY f.departsAt ASC LIMIT 3', [{ column: 'departsAt' }]],
    ['ORDER BY lower(note)', []],
    ['ORDER BY departsAt + 1', []],
  ])('%s', (order, sort) => {
    expect(needs(`SELECT * FROM flights f ${order}`)[0]?.sort).toEqual(sort);
  });
});

it('follows the columns of a view to its tables', () => {
  const columns = viewColumns(
    'SELECT f.id, f.`originId` AS `from`, lower(f.note) AS note, a.city c FROM flights f JOIN airports a ON a.id = f.originId',
    'mysql',
    () => [],
  );
  expect(Object.fromEntries(columns)).toEqual({
    id: { table: 'flights', column: 'id' },
    from: { table: 'flights', column: 'originId' },
    c: { table: 'airports', column: 'city' },
  });
});

it.each([
  ['LIMIT 5', 5],
  ['LIMIT 5 OFFSET 20', 25],
  ['LIMIT 20, 5', 25],
  ['LIMIT ?', undefined],
  ['', undefined],
])('knows after how many rows "%s" has what it wants', (limit, rows) => {
  expect(rowsAskedFor(readSearch(`SELECT * FROM flights ${limit}`, 'mysql'))).toBe(rows);
});

it('wants all rows where they are counted first', () => {
  expect(rowsAskedFor(readSearch('SELECT count(*) FROM flights LIMIT 1', 'mysql'))).toBeUndefined();
});

describe('values for parameters', () => {
  const sample = () => [...Array(99).keys()].map((n) => n + 1);
  const values = (sql: string, count: number) => {
    const search = readSearch(sql, 'mysql');
    return sampledValues(count, statementUses(search, [flights]), search, sample);
  };

  it('stand in some row, or leave a third of the rows, or begin with a wildcard', () => {
    expect(
      values(
        'SELECT * FROM flights WHERE originId = ? AND id > ? AND id < ? AND note LIKE ? LIMIT ? OFFSET ?',
        6,
      ),
    ).toEqual([50, 67, 34, '%1%', 10, 0]);
  });

  it('are different ones in a list, and something where nobody knows what', () => {
    expect(values('SELECT ? + 1 FROM flights WHERE originId IN (?, ?)', 3)).toEqual([1, 50, 51]);
  });
});

describe('the number of different values', () => {
  it('is that of the rows where a sample has none twice, and that of the sample where none is alone', () => {
    expect(distinctValues(['a', 'b', 'c'], 1_000)).toBe(1_000);
    expect(distinctValues(['a', 'a', 'b', 'b'], 1_000)).toBe(2);
    expect(distinctValues([], 1_000)).toBeUndefined();
  });

  it('lies between what was seen and the number of rows', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...'abcdefghij'), { minLength: 1 }),
        fc.nat(100_000),
        (seen, more) => {
          const rows = seen.length + more;
          const values = distinctValues(seen, rows) ?? 0;
          expect(values).toBeGreaterThanOrEqual(new Set(seen).size);
          expect(values).toBeLessThanOrEqual(rows);
        },
      ),
    );
  });
});
