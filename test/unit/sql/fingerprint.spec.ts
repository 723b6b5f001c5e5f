import { describe, expect, it } from '@jest/globals';
import { fingerprint } from '../../../lib/sql/fingerprint.js';
import { parseStatement } from '../../../lib/sql/parse-statement.js';

const textOf = (sql: string) => parseStatement(sql).text;
const expectSame = (...statements: string[]) => {
  expect(new Set(statements.map(textOf)).size).toBe(1);
  expect(new Set(statements.map((sql) => parseStatement(sql).fingerprint)).size).toBe(1);
};
const expectDifferent = (...statements: string[]) => {
  expect(new Set(statements.map((sql) => parseStatement(sql).fingerprint)).size).toBe(statements.length);
};

describe('statements with one fingerprint', () => {
  it('differ in literals, placeholders and signs', () => {
    expectSame(
      'WHERE a = 1',
      "WHERE a = 'x'",
      'WHERE a = $3',
      'WHERE a = ?',
      'WHERE a = -5',
      'WHERE a = TRUE',
    );
  });

  it('differ in the length of a list', () => {
    expectSame('a IN (1)', 'a IN (1, 2, 3)', 'a IN ($1, $2)', 'a IN ($1::uuid, $2::uuid)', 'a IN (NULL, 1)');
    expectSame('a = ANY(ARRAY[1])', 'a = ANY(ARRAY[1, 2])');
    expectSame('(a, b) IN ((1, 2))', '(a, b) IN ((1, 2), (3, 4))');
  });

  it('differ in the number of rows', () => {
    expectSame(
      'INSERT INTO t(a, b) VALUES ($1, DEFAULT)',
      'INSERT INTO t(a, b) VALUES (1, 2), (3, 4)',
      'INSERT INTO t(a, b) VALUES (NULL, ?), (DEFAULT, ?), (?, ?)',
    );
    expectSame(
      'INSERT INTO t(a, b) VALUES ($1, now())',
      'INSERT INTO t(a, b) VALUES ($1, now()), ($2, now()), ($3, now())',
    );
  });

  it('were cut inside a list of values', () => {
    const whole = 'INSERT INTO t(a, b) VALUES (1, 2), (3, 4), (5, 6)';
    const firstRow = whole.indexOf('(1');
    for (let end = firstRow + 2; end <= whole.length; end++) expectSame(whole, whole.slice(0, end));
    expectSame('WHERE a IN (1, 2)', 'WHERE a IN (1, 2', 'WHERE a IN (1, ');
  });

  it('differ in the number of equal groups joined by OR', () => {
    expectSame(
      'WHERE ((a = 1 AND b = 2))',
      'WHERE ((a = 1 AND b = 2) OR (a = 3 AND b = 4))',
      'WHERE ((a = 1 AND b = 2) OR (a = 3 AND b = 4) OR (a = 5 AND b = 6))',
    );
  });

  it('differ in white space, comments, the case of keywords and a semicolon at the end', () => {
    expectSame(
      'SELECT COUNT(*) FROM t WHERE (a = 1)',
      "select COUNT (*)\n\tfrom t where ( a=1 ) ; /*route='/x',traceparent='00-1'*/",
      '-- name\nSELECT COUNT(*)FROM t WHERE(a = 1);',
    );
  });

  it('differ in the name of a savepoint', () => {
    expectSame('SAVEPOINT typeorm_1', 'SAVEPOINT typeorm_2');
    expectSame('RELEASE SAVEPOINT typeorm_1', 'RELEASE SAVEPOINT typeorm_2');
    expectSame('ROLLBACK TO SAVEPOINT typeorm_1', 'ROLLBACK TO SAVEPOINT typeorm_2');
  });

  it('differ in LIMIT and OFFSET', () => {
    expectSame('SELECT a FROM t LIMIT 10 OFFSET 20', 'SELECT a FROM t LIMIT 5 OFFSET 0');
  });
});

describe('statements with different fingerprints', () => {
  it('differ in names, digits and the case of names included', () => {
    expectDifferent('SELECT a FROM a_table0', 'SELECT a FROM a_table1', 'SELECT b FROM a_table0');
    expectDifferent('SELECT "a"', 'SELECT "A"', 'SELECT a', 'SELECT A');
  });

  it('differ in the column list', () => {
    expectDifferent('SELECT "a"."id", "a"."x" FROM "a"', 'SELECT "a"."id" FROM "a"');
    expectDifferent('INSERT INTO t(a) VALUES (1)', 'INSERT INTO t(b) VALUES (1)');
  });

  it('differ in operators: = is not IN, IS NULL is not = NULL', () => {
    expectDifferent('a = 1', 'a IN (1)', 'a <> 1', 'a IS NULL', 'a IS NOT NULL', 'a IS TRUE', 'NOT a = 1');
  });

  it('differ in groups joined by OR that are not equal', () => {
    expectDifferent('(a = 1) OR (b = 2)', '(a = 1)', '(a = 1) AND (a = 2)', '(a = 1) OR (a > 2)');
  });

  it('differ in what a row or a list computes', () => {
    expectDifferent(
      'INSERT INTO t(a) VALUES (now())',
      'INSERT INTO t(a) VALUES (random())',
      'INSERT INTO t(a) VALUES (1)',
    );
    expectDifferent('a IN (SELECT b FROM t)', 'a IN (SELECT c FROM t)', 'a IN (1)');
  });
});

describe('the normalised text', () => {
  it.each([
    [
      `select * from "User" where "User"."id" in (1,2) limit 3`,
      `SELECT * FROM "User" WHERE "User"."id" IN (...) LIMIT ?`,
    ],
    [`INSERT INTO t(a,b) VALUES(1,2),(3,4) RETURNING id`, `INSERT INTO t(a, b) VALUES (...) RETURNING id`],
    [`SELECT a::int, data->>'k', tags[1] FROM s.t`, `SELECT a::int, data ->> ?, tags[?] FROM s.t`],
    [`SELECT lower(name), count(*) FROM t`, `SELECT lower(name), count(*) FROM t`],
    [`UPDATE t SET a = NULL, b = FALSE WHERE c IS NULL`, `UPDATE t SET a = ?, b = ? WHERE c IS NULL`],
  ])('of %s', (sql, text) => {
    expect(textOf(sql)).toBe(text);
  });
});

describe('fingerprint', () => {
  it('is 16 hexadecimal digits, for the empty text too', () => {
    for (const text of ['', 'a', 'SELECT ?']) expect(fingerprint(text)).toMatch(/^[0-9a-f]{16}$/);
  });

  it('tells 100,000 similar texts apart', () => {
    const seen = new Set<string>();
    for (let n = 0; n < 100_000; n++) seen.add(fingerprint(`SELECT * FROM table_${n}`));
    expect(seen.size).toBe(100_000);
  });
});
