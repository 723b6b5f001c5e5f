import { describe, expect, it } from '@jest/globals';
import { parseStatement } from '../../../lib/sql/parse-statement.js';
import type { ValueReference } from '../../../lib/sql/statement.js';

const show = (value: ValueReference | undefined) =>
  value === undefined ? undefined : value.kind === 'parameter' ? `$${value.index + 1}` : value.value;
const values = (sql: string) => parseStatement(sql).values.map(show);
const page = (sql: string) => [show(parseStatement(sql).limit), show(parseStatement(sql).offset)];

describe('kind and operation', () => {
  it.each([
    ['SELECT 1', 'select', 'SELECT'],
    ['  -- a comment\n ((select 1))', 'select', 'SELECT'],
    ['VALUES (1)', 'select', 'VALUES'],
    ['WITH a AS (SELECT 1) SELECT * FROM a', 'select', 'SELECT'],
    ['WITH a AS (SELECT 1) INSERT INTO b SELECT * FROM a', 'insert', 'INSERT'],
    ['WITH a AS (SELECT 1) UPDATE b SET x = 1', 'update', 'UPDATE'],
    ['INSERT INTO a VALUES (1)', 'insert', 'INSERT'],
    ['REPLACE INTO a VALUES (1)', 'insert', 'REPLACE'],
    ['MERGE INTO a USING b ON true WHEN MATCHED THEN DELETE', 'insert', 'MERGE'],
    ['UPDATE a SET b = 1', 'update', 'UPDATE'],
    ['DELETE FROM a', 'delete', 'DELETE'],
    ['BEGIN', 'transaction', 'BEGIN'],
    ['BEGIN TRANSACTION', 'transaction', 'BEGIN'],
    ['START TRANSACTION', 'transaction', 'START'],
    ['COMMIT', 'transaction', 'COMMIT'],
    ['ROLLBACK TO SAVEPOINT a', 'transaction', 'ROLLBACK'],
    ['SAVEPOINT a', 'transaction', 'SAVEPOINT'],
    ['SAVE TRANSACTION a', 'transaction', 'SAVE'],
    ['RELEASE SAVEPOINT a', 'transaction', 'RELEASE'],
    ['SET TRANSACTION ISOLATION LEVEL SERIALIZABLE', 'transaction', 'SET'],
    ['SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY', 'transaction', 'SET'],
    ['SET search_path TO a', 'other', 'SET'],
    ['CREATE TABLE a (id int)', 'schema', 'CREATE'],
    ['COMMENT ON TABLE a IS NULL', 'schema', 'COMMENT'],
    ['PRAGMA foreign_keys = ON', 'schema', 'PRAGMA'],
    ['EXPLAIN SELECT * FROM a', 'schema', 'EXPLAIN'],
    ['SELECT * FROM "information_schema"."tables"', 'schema', 'SELECT'],
    ['SELECT * FROM pg_class c JOIN pg_catalog.pg_type t ON true', 'schema', 'SELECT'],
    ['SELECT * FROM "sqlite_master"', 'schema', 'SELECT'],
    ['SELECT * FROM pg_class JOIN users ON true', 'select', 'SELECT'],
    ['CALL work()', 'other', 'CALL'],
    ['', 'other', ''],
    ['?!', 'other', ''],
  ])('of %s', (sql, kind, operation) => {
    expect(parseStatement(sql)).toMatchObject({ kind, operation });
  });
});

describe('values', () => {
  it('lists literals and placeholders in order', () => {
    expect(
      values(`SELECT 1 FROM t WHERE a = $2 AND b = 'it''s' AND c = $1 AND d = NULL AND e = true`),
    ).toEqual([1, '$2', "it's", '$1', null, true]);
  });

  it('reads numbers as numbers, and integers that a number cannot hold as text', () => {
    expect(values('VALUES (-1, 1.5, 1e3, 0xff, 9007199254740993)')).toEqual([
      -1,
      1.5,
      1000,
      255,
      '9007199254740993',
    ]);
  });

  it('keeps LIMIT and OFFSET apart, and counts their placeholders', () => {
    const sql = 'SELECT * FROM t WHERE a = ? LIMIT ? OFFSET ?';
    expect(values(sql)).toEqual(['$1']);
    expect(page(sql)).toEqual(['$2', '$3']);
  });

  it.each([
    ['SELECT * FROM t LIMIT 10', [10, undefined]],
    ['SELECT * FROM t LIMIT 20, 10', [10, 20]],
    ['SELECT * FROM t ORDER BY a OFFSET 20 ROWS FETCH NEXT 10 ROWS ONLY', [10, 20]],
    ['SELECT TOP 10 * FROM t', [10, undefined]],
    ['SELECT * FROM (SELECT * FROM t LIMIT 5) x', [undefined, undefined]],
    ['SELECT "limit", t.offset FROM t WHERE "limit" = 3', [undefined, undefined]],
  ])('pages of %s', (sql, expected) => {
    expect(page(sql)).toEqual(expected);
  });
});

describe('the outermost select list', () => {
  const facts = (sql: string) => {
    const { isCount, isExists, isAggregate, isDistinctIds } = parseStatement(sql);
    return Object.entries({ isCount, isExists, isAggregate, isDistinctIds })
      .filter(([, is]) => is)
      .map(([name]) => name);
  };

  it.each([
    ['SELECT COUNT(1) AS "cnt" FROM t', ['isCount', 'isAggregate']],
    ['SELECT COUNT(DISTINCT("User"."id")) AS "cnt" FROM t', ['isCount', 'isAggregate']],
    ['select count(*)::int from t', ['isCount', 'isAggregate']],
    ['SELECT MIN(a), max(b) AS m FROM t', ['isAggregate']],
    ['SELECT a, COUNT(*) FROM t GROUP BY a', ['isAggregate']],
    ['SELECT a FROM t', []],
    ['SELECT COUNT(*) + 1 FROM t', []],
    ['SELECT a, COUNT(*) OVER () FROM t', []],
    ['SELECT a FROM (SELECT COUNT(*) AS a FROM t GROUP BY b) x', []],
    ['SELECT 1 FROM t WHERE id = 1 LIMIT 1', ['isExists']],
    ['SELECT EXISTS (SELECT 1 FROM t) AS "exists"', ['isExists']],
    [
      'SELECT 1 AS "row_exists" FROM (SELECT 1 AS dummy_column) "dummy_table" WHERE EXISTS (SELECT 1 FROM "x" WHERE a = 1) LIMIT 1',
      ['isExists'],
    ],
    ['SELECT 1', []],
    [
      'SELECT DISTINCT "distinctAlias"."User_id" AS "ids_User_id" FROM (SELECT 1) "distinctAlias"',
      ['isDistinctIds'],
    ],
    ['SELECT DISTINCT a FROM t', []],
    ['SELECT COUNT(*) FROM a UNION SELECT 1 FROM b', []],
    ['UPDATE t SET a = 1', []],
  ])('of %s', (sql, expected) => {
    expect(facts(sql)).toEqual(expected);
  });
});

describe('locks', () => {
  it.each([
    'SELECT * FROM t FOR UPDATE',
    'SELECT * FROM t WHERE a = 1 FOR NO KEY UPDATE SKIP LOCKED',
    'SELECT * FROM t FOR SHARE',
    'SELECT * FROM t LIMIT 1 FOR KEY SHARE',
    'SELECT * FROM t LOCK IN SHARE MODE',
    'SELECT * FROM t WITH (UPDLOCK, ROWLOCK)',
  ])('are seen in %s', (sql) => {
    expect(parseStatement(sql).isLocking).toBe(true);
  });

  it.each(['SELECT * FROM t', 'SELECT substring(a FROM 1 FOR 2) FROM t', 'UPDATE t SET a = 1'])(
    'not in %s',
    (sql) => {
      expect(parseStatement(sql).isLocking).toBe(false);
    },
  );
});

describe('rows of VALUES', () => {
  it.each([
    ['INSERT INTO t(a) VALUES (1)', 1],
    ['INSERT INTO t(a, b) VALUES (1, f(2, (3))), ((SELECT 1), 2), (1, 2) RETURNING id', 3],
    ['INSERT INTO t(a) VALUES (1) ON DUPLICATE KEY UPDATE a = VALUES(a)', 1],
    ['INSERT INTO t DEFAULT VALUES', 1],
    ['INSERT INTO t SELECT * FROM u', 0],
    ['SELECT * FROM (VALUES (1), (2)) v', 0],
    ['VALUES (1), (2)', 2],
  ])('in %s', (sql, rows) => {
    expect(parseStatement(sql).valuesRows).toBe(rows);
  });
});

describe('summary', () => {
  it.each([
    // The examples of OpenTelemetry's database conventions.
    ['SELECT * FROM wuser_table WHERE username = ?', 'SELECT wuser_table'],
    [
      'INSERT INTO shipping_details (order_id) SELECT order_id FROM orders',
      'INSERT shipping_details SELECT orders',
    ],
    ['SELECT * FROM songs, artists WHERE songs.artist_id = artists.id', 'SELECT songs artists'],
    [`SELECT * FROM "song list", 'artists'`, `SELECT "song list" 'artists'`],
    [
      'SELECT order_date FROM (SELECT * FROM orders o JOIN customers c ON o.c = c.id)',
      'SELECT SELECT orders customers',
    ],
    ['call some_stored_procedure(1)', 'call some_stored_procedure'],
    ['EXECUTE some_stored_procedure', 'EXECUTE some_stored_procedure'],
    ['select * from "blog"."post" where id = 1', 'select "blog"."post"'],
    ['UPDATE a SET x = 1', 'UPDATE a'],
    ['BEGIN', 'BEGIN'],
    ['START TRANSACTION', 'START TRANSACTION'],
    ['SAVEPOINT typeorm_1', 'SAVEPOINT'],
    ['CREATE TABLE "a" ("id" int)', 'CREATE TABLE "a"'],
    ['EXPLAIN SELECT * FROM a', 'EXPLAIN a'],
    ['', ''],
  ])('of %s', (sql, summary) => {
    expect(parseStatement(sql).summary).toBe(summary);
  });

  it('has at most 255 characters and no half names', () => {
    const names = Array.from({ length: 60 }, (_, n) => `a_long_table_${n}`);
    const { summary } = parseStatement(`SELECT * FROM ${names.join(', ')}`);
    expect(summary.length).toBeLessThanOrEqual(255);
    expect(summary.length).toBeGreaterThan(235);
    expect(summary.split(' ').slice(1)).toEqual(names.slice(0, summary.split(' ').length - 1));
  });
});
