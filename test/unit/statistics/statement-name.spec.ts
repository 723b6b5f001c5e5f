import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { statementName } from '../../../lib/statistics/statement-name.js';

describe('statementName', () => {
  it.each([
    ['SELECT "a"."id" FROM "public"."author" "a" WHERE "a"."id" = ?', 'SELECT public.author'],
    [
      'SELECT (SELECT MAX("n"."on") FROM "notes" "n") AS "last" FROM "aircraft" "aircraft"',
      'SELECT aircraft',
    ],
    ['INSERT INTO `flights`(`id`) VALUES (...)', 'INSERT flights'],
    ['INSERT INTO "query-result-cache"("query") VALUES (...)', 'INSERT query-result-cache'],
    ['SELECT * FROM [my schema].[order lines] WHERE id = ?', 'SELECT my schema.order lines'],
    ['UPDATE "author" SET "name" = ?', 'UPDATE author'],
    ['DELETE FROM author WHERE id = ?', 'DELETE author'],
    ['WITH recent AS (SELECT * FROM logs) SELECT * FROM recent', 'SELECT recent'],
    [
      'SELECT DISTINCT "distinctAlias"."U_id" FROM (SELECT MAX("U"."id") AS "U_id" FROM "user" "U" WHERE (1 = 1)) "distinctAlias" LIMIT ?',
      'SELECT user',
    ],
    ['SELECT * FROM (VALUES (1)) v', 'SELECT'],
    ['START TRANSACTION', 'START TRANSACTION'],
    ['', ''],
  ])('calls %p %p', (text, name) => {
    expect(statementName(text)).toBe(name);
  });

  it('answers for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(typeof statementName(text)).toBe('string');
      }),
    );
  });
});
