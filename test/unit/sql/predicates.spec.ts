import { describe, expect, it } from '@jest/globals';
import { parseStatement } from '../../../lib/sql/parse-statement.js';
import type { ValueReference } from '../../../lib/sql/statement.js';

const show = (value: ValueReference) =>
  value.kind === 'parameter' ? `$${value.index + 1}` : JSON.stringify(value.value);

/** `u.id = 1`, with `?` behind predicates that may not restrict the result. */
function predicates(condition: string, from = 'SELECT * FROM u WHERE '): string[] {
  return parseStatement(`${from}${condition}`).predicates.map(
    ({ qualifier, column, operator, values, isConjunct }) =>
      `${qualifier ? `${qualifier}.` : ''}${column} ${operator} ${values.map(show).join(' ')}${isConjunct ? '' : ' ?'}`,
  );
}

describe('predicates', () => {
  it.each([
    ['id = 1', 'id = 1'],
    ['"User"."id" = $1', 'User.id = $1'],
    ['`User`.`id` = 7', 'User.id = 7'],
    ['"blog"."post"."id" = $1', 'post.id = $1'],
    ['((("Post"."id" = $1)))', 'Post.id = $1'],
    ['"Post"."author_fk" IN ($1)', 'Post.author_fk in $1'],
    ['id IN (1, 2)', 'id in 1 2'],
    ['id = ANY($1)', 'id in $1'],
    ['id = ANY($1::int[])', 'id in $1'],
    ['id = ANY(ARRAY[1, 2]::int[])', 'id in 1 2'],
    ['id = $1::uuid', 'id = $1'],
    ['$1 = id', 'id = $1'],
    ['5 < age', 'age > 5'],
    ['age != 5', 'age <> 5'],
    ["name ILIKE 'a%'", 'name like "a%"'],
    ['age BETWEEN $1 AND $2', 'age between $1 $2'],
    ['gone = FALSE', 'gone = false'],
    ['id = 9007199254740993', 'id = "9007199254740993"'],
  ])('reads %s', (condition, expected) => {
    expect(predicates(condition)).toEqual([expected]);
  });

  it('reads row values', () => {
    expect(predicates('(a, t.b) = ($1, $2)')).toEqual(['a = $1', 't.b = $2']);
    expect(predicates('(a, b) IN ((1, 2), (3, 4))')).toEqual(['a in 1 3', 'b in 2 4']);
  });

  it.each([
    'lower(name) = $1',
    'a + b = 1',
    'a = 1 + b',
    'a = lower($1)',
    'a::text = $1',
    'id NOT IN (1)',
    'id IN (SELECT id FROM v)',
    'id IN ($1, lower($2))',
    "data->>'a' = 'b'",
    'a IS NULL',
    '$1 = ANY(tags)',
    "at = DATE '2020-01-01'",
    'a = CURRENT_DATE',
    'tags[1] = 5',
    'a IS DISTINCT FROM 5',
  ])('leaves out %s', (condition) => {
    expect(predicates(condition)).toEqual([]);
  });

  it('of several conditions all restrict when AND joins them', () => {
    expect(predicates('a = 1 AND (b = 2 AND (c = 3)) AND d BETWEEN 1 AND 2 AND e = 5')).toEqual([
      'a = 1',
      'b = 2',
      'c = 3',
      'd between 1 2',
      'e = 5',
    ]);
  });

  it.each([
    ['a = 1 OR b = 2', ['a = 1 ?', 'b = 2 ?']],
    ['a = 1 AND (b = 2 OR c = 3)', ['a = 1', 'b = 2 ?', 'c = 3 ?']],
    ['(a = 1 AND b = 2) OR c = 3', ['a = 1 ?', 'b = 2 ?', 'c = 3 ?']],
    ['NOT a = 1 AND b = 2', ['a = 1 ?', 'b = 2']],
    ['NOT (a = 1)', ['a = 1 ?']],
    ['(a = 1) IS FALSE AND b = 2', ['a = 1 ?', 'b = 2']],
    ['(a = 1) = $1', ['a = 1 ?']],
    ['CASE WHEN a = 1 THEN b ELSE c END = 5 AND d = 2', ['a = 1 ?', 'd = 2']],
    ['a = 1 XOR b = 2', ['a = 1 ?', 'b = 2 ?']],
    ['a = 1 UNION SELECT * FROM v WHERE b = 2', ['a = 1 ?', 'b = 2 ?']],
  ])('marks what may not restrict: %s', (condition, expected) => {
    expect(predicates(condition)).toEqual(expected);
  });

  it('takes nothing from the arguments of a function', () => {
    expect(predicates('coalesce(a = 1, b = 2)')).toEqual([]);
  });

  it('tells the ON of an inner join from the ON of an outer one', () => {
    const on = (join: string) => predicates('v.a = 1', `SELECT * FROM u ${join} v ON `);
    expect(on('JOIN')).toEqual(['v.a = 1']);
    expect(on('INNER JOIN')).toEqual(['v.a = 1']);
    expect(on('LEFT JOIN')).toEqual(['v.a = 1 ?']);
    expect(on('FULL OUTER JOIN')).toEqual(['v.a = 1 ?']);
  });

  it('knows the clause and the depth', () => {
    const sql =
      'SELECT a FROM t JOIN u ON u.x = 1 WHERE id IN (SELECT id FROM v WHERE y = 2) GROUP BY a HAVING a = 3';
    expect(parseStatement(sql).predicates).toMatchObject([
      { column: 'x', clause: 'on', depth: 0 },
      { column: 'y', clause: 'where', depth: 1, isConjunct: true },
      { column: 'a', clause: 'having', depth: 0 },
    ]);
  });

  it('finds the WHERE of UPDATE and DELETE, and nothing in SET, VALUES or ON CONFLICT', () => {
    expect(predicates('', 'UPDATE t SET a = 1 WHERE id = 2')).toEqual(['id = 2']);
    expect(predicates('', 'DELETE FROM t WHERE id = 2')).toEqual(['id = 2']);
    expect(
      predicates('', 'INSERT INTO t(a) VALUES (1) ON CONFLICT (a) DO UPDATE SET a = 2 WHERE t.b = 3'),
    ).toEqual([]);
  });

  it('ends a condition at the lock of a SELECT', () => {
    expect(predicates('id = ? FOR UPDATE')).toEqual(['id = $1']);
    expect(predicates('id = ? LOCK IN SHARE MODE')).toEqual(['id = $1']);
  });
});

describe('column pairs', () => {
  const pairs = (sql: string) =>
    parseStatement(sql).columnPairs.map(
      ({ left, right, isConjunct }) =>
        `${left.qualifier}.${left.column} = ${right.qualifier}.${right.column}${isConjunct ? '' : ' ?'}`,
    );

  it('reads the conditions of joins', () => {
    expect(pairs('SELECT * FROM "a" "A" INNER JOIN "b" "B" ON "B"."a_id"="A"."id"')).toEqual([
      'B.a_id = A.id',
    ]);
    expect(
      pairs('SELECT * FROM "a" "A" LEFT JOIN "b" "B" ON "B"."a_id"="A"."id" AND ("B"."x" = $1)'),
    ).toEqual(['B.a_id = A.id ?']);
    expect(pairs('SELECT * FROM a, b WHERE a.id = b.a_id')).toEqual(['a.id = b.a_id']);
  });

  it('reads no other comparison of columns', () => {
    expect(pairs('SELECT * FROM a WHERE a.x < a.y AND a.x = a.y + 1')).toEqual([]);
  });
});
