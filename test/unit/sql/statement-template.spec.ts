import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { inlinedIntegers } from '../../../lib/sql/inlined-integers.js';
import { parseStatement } from '../../../lib/sql/parse-statement.js';
import type { SqlDialect } from '../../../lib/sql/sql-dialect.js';
import { statementTemplate } from '../../../lib/sql/statement-template.js';
import { recordedStatements } from './typeorm-statements.js';

const shapeOf = (sql: string) => inlinedIntegers(sql)?.shape;

/** What the template of one text makes of another of the same shape, and what reading that one gives. */
function bothWays(sql: string, dialect: SqlDialect, others: readonly number[]) {
  const inlined = inlinedIntegers(sql);
  if (inlined === undefined) return undefined;
  const integers = inlined.integers.map((own, at) => others[at] ?? own);
  const other = inlined.with(integers);
  expect(inlinedIntegers(other)).toMatchObject({ shape: inlined.shape, integers });
  return [statementTemplate(inlined, dialect)(integers), parseStatement(other, dialect)] as const;
}

const RECORDED = (['sqljs', 'mysql', 'postgres'] as const).flatMap((dialect) =>
  recordedStatements(dialect).map(({ query }) => query),
);

const { assert, constantFrom, array, nat, property, string } = fc;

describe('statements with integers in their text', () => {
  it('share a shape when they differ in integers', () => {
    const sql = (id: number, take: number) =>
      `SELECT "a1"."id" FROM "a1" WHERE "a1"."id" = ${id} LIMIT ${take}`;
    expect(shapeOf(sql(7, 10))).toBe(shapeOf(sql(123_456, 1)));
    expect(shapeOf(sql(7, 10))).not.toBe(shapeOf(sql(7, 10).replaceAll('a1', 'a2')));
  });

  it.each([
    ['a comment', 'SELECT 1 /* 2 */'],
    ['a comment to the end of the line', 'SELECT 1 -- 2'],
    ['a comment of MySQL', 'SELECT 1 # 2'],
    ['an escape', String.raw`SELECT 'it\'s 1', 2`],
    ['a numbered placeholder', 'SELECT $1, 2'],
    ['a named placeholder', 'SELECT :p1, 2'],
    ['a variable', 'SELECT @p1, 2'],
    ['an array', 'SELECT ARRAY[1, 2]'],
    ['an open string', "SELECT 1, 'abc"],
    ['an exponent', 'SELECT 1, 1e15'],
    ['another base', 'SELECT 1, 0x10'],
    ['an integer that no double holds', 'SELECT 12345678901234567890'],
    ['no integer', 'SELECT a1 FROM "b2"'],
  ])('are read as they are where there is %s', (_, sql) => {
    expect(inlinedIntegers(sql)).toBeUndefined();
  });

  it.each([
    ["SELECT 'a 1', 2", "SELECT 'a 1', \0"],
    ["SELECT 'it''s 1', 2", "SELECT 'it''s 1', \0"],
    ['SELECT 1.5, 2', 'SELECT 1.5, \0'],
    ['SELECT -1, 2', 'SELECT -1, \0'],
    ['SELECT a - 1, b2 FROM t3', 'SELECT a - \0, b2 FROM t3'],
    ['SELECT ?1, 2', 'SELECT ?1, \0'],
  ])('keep what is no integer: %s', (sql, shape) => {
    expect(shapeOf(sql)).toBe(shape);
  });

  it.each([
    'SELECT 1',
    'SELECT 1 FROM t WHERE EXISTS (SELECT 2 FROM u LIMIT 3)',
    'SELECT * FROM t WHERE a IN (1, 2, 3) AND b BETWEEN 4 AND 5 OR 6 = c ORDER BY 1, 2 LIMIT 7, 8',
    'SELECT * FROM t WHERE (a, b) IN ((1, 2), (3, 4)) OFFSET 5',
    'SELECT TOP (10) * FROM t WHERE a - 1 > 2',
    'INSERT INTO t (a, b) VALUES (1, ?), (2, ?)',
    'UPDATE t SET a = 1, b = b + 2 WHERE id = 3',
    "SELECT CAST('1' AS numeric(10, 2)), a::varchar(20) FROM t",
    'SAVEPOINT typeorm_1',
    'PRAGMA foreign_keys = 1',
    'VALUES (1), (2)',
  ])('are read alike by the template of their shape: %s', (sql) => {
    for (const dialect of ['standard', 'mysql'] as const) {
      const both = bothWays(sql, dialect, [0, 999_999_999_999_999, 5, 5]);
      expect(both?.[0]).toEqual(both?.[1]);
    }
  });

  it('are read alike by the template of their shape, whatever TypeORM sends and whichever integers', () => {
    expect(RECORDED.filter((sql) => inlinedIntegers(sql) !== undefined).length).toBeGreaterThan(20);
    const dialects = constantFrom<SqlDialect>('standard', 'mysql');
    assert(
      property(
        constantFrom(...RECORDED),
        dialects,
        array(nat(), { maxLength: 32 }),
        (sql, dialect, integers) => {
          const both = bothWays(sql, dialect, integers);
          expect(both?.[0]).toEqual(both?.[1]);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('are read alike by the template of their shape, whatever the text', () => {
    const pieces = constantFrom(
      ...'SELECT,FROM,WHERE,a,"b1",IN,(,),=,LIMIT,OFFSET,AND,OR,1,23,4.5,\',-,+,::,;,VALUES,?,.,e,x'.split(
        ',',
      ),
      ',',
      ' ',
    );
    const texts = array(pieces, { minLength: 1, maxLength: 30 }).map((parts) => parts.join(''));
    assert(
      property(texts, array(nat(), { maxLength: 32 }), (sql, integers) => {
        const both = bothWays(sql, 'standard', integers);
        expect(both?.[0]).toEqual(both?.[1]);
      }),
      { numRuns: 5_000 },
    );
    assert(
      property(string({ unit: 'grapheme' }), array(nat(), { maxLength: 9 }), (sql, integers) => {
        const both = bothWays(`SELECT 1 ${sql}`, 'mysql', integers);
        expect(both?.[0]).toEqual(both?.[1]);
      }),
    );
  });
});
