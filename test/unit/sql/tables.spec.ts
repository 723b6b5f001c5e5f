import { describe, expect, it } from '@jest/globals';
import { parseStatement } from '../../../lib/sql/parse-statement.js';

/** `read schema.name alias`, with the depth in front where it is not 0. */
const tables = (sql: string) =>
  parseStatement(sql).tables.map(({ schema, name, alias, access, depth }) =>
    [depth > 0 ? `${depth}` : '', access, schema ? `${schema}.${name}` : name, alias ?? '']
      .filter(Boolean)
      .join(' '),
  );

describe('tables', () => {
  it.each([
    ['SELECT * FROM "post" "Post"', ['read post Post']],
    ['SELECT * FROM `post` AS `Post` WHERE a = 1', ['read post Post']],
    ['SELECT * FROM "blog"."post" "Post"', ['read blog.post Post']],
    ['SELECT * FROM post p, author a', ['read post p', 'read author a']],
    ['SELECT * FROM [dbo].[post] AS [p]', ['read dbo.post p']],
    [
      'SELECT * FROM a JOIN b ON a.id = b.id LEFT JOIN c x ON x.id = b.id, d',
      ['read a', 'read b', 'read c x', 'read d'],
    ],
    ['SELECT * FROM (a JOIN b ON a.id = b.id)', ['read a', 'read b']],
    ['SELECT * FROM a NATURAL JOIN b USING (id, x)', ['read a', 'read b']],
    ['INSERT INTO "post"("a", "b") VALUES (1, 2)', ['write post']],
    ['INSERT INTO a SELECT * FROM b', ['write a', 'read b']],
    ['REPLACE INTO a VALUES (1)', ['write a']],
    ['UPDATE "post" SET "a" = 1', ['write post']],
    ['UPDATE a SET x = b.x FROM b WHERE b.id = a.id', ['write a', 'read b']],
    ['UPDATE IGNORE a JOIN b ON a.id = b.id SET a.x = 1', ['write a', 'read b']],
    ['DELETE FROM a WHERE id IN (SELECT id FROM b)', ['write a', '1 read b']],
    ['DELETE FROM a USING b WHERE a.id = b.id', ['write a', 'read b']],
    ['MERGE INTO a USING b ON a.id = b.id WHEN MATCHED THEN UPDATE SET x = 1', ['write a', 'read b']],
    ['SELECT * FROM (SELECT * FROM b) "x" JOIN c ON 1 = 1', ['1 read b', 'read c']],
    ['SELECT (SELECT max(x) FROM b) FROM a', ['1 read b', 'read a']],
    [
      'WITH x AS (SELECT * FROM a), y(n) AS (SELECT 1) SELECT * FROM x JOIN y ON true JOIN c ON true',
      ['1 read a', 'read c'],
    ],
    ['WITH gone AS (DELETE FROM a RETURNING *) INSERT INTO b SELECT * FROM gone', ['1 write a', 'write b']],
    ['SELECT * FROM a UNION ALL SELECT * FROM b', ['read a', 'read b']],
    ['(SELECT * FROM a) UNION (SELECT * FROM b)', ['read a', 'read b']],
    ['CREATE TABLE IF NOT EXISTS "a" ("id" int)', ['write a']],
    ['TRUNCATE "a"', ['write a']],
  ])('of %s', (sql, expected) => {
    expect(tables(sql)).toEqual(expected);
  });

  it.each([
    'SELECT EXTRACT(YEAR FROM created)',
    'SELECT a IS DISTINCT FROM b',
    'SELECT * FROM generate_series(1, x)',
    "SELECT trim(BOTH 'x' FROM name)",
    'SELECT 1',
    'VALUES (1), (2)',
  ])('finds none in %s', (sql) => {
    expect(tables(sql)).toEqual([]);
  });

  it('takes what follows FOR UPDATE OF for no table', () => {
    expect(tables('SELECT * FROM a JOIN b ON a.id = b.id FOR UPDATE OF a, b')).toEqual(['read a', 'read b']);
  });

  it('removes quotes and doubled quotes', () => {
    expect(tables('SELECT * FROM "we""ird"')).toEqual(['read we"ird']);
  });
});
