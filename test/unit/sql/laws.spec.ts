import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseStatement } from '../../../lib/sql/parse-statement.js';
import { redact } from '../../../lib/sql/redact.js';
import { tokenize } from '../../../lib/sql/tokenize.js';

const dialect = fc.constantFrom('standard' as const, 'mysql' as const);

/** What makes trouble for a scanner: everything that opens or closes something, and every keyword with a meaning. */
const crumb = fc.constantFrom(
  ...`' " \` [ ] ( ) , . ; $ $$ $a$ $1 ? ?| :a :1 @p1 :: - -- # /* */ \\ E' N' U&' {} 0x 1e5 .5 -7 = <> || -> "a" a b 'x' "x y" NULL TRUE`.split(
    ' ',
  ),
  ...`SELECT FROM WHERE JOIN LEFT ON AND OR NOT IN IS BETWEEN CASE WHEN END WITH AS INSERT INTO VALUES UPDATE SET DELETE`.split(
    ' ',
  ),
  ...`UNION ORDER GROUP BY HAVING LIMIT OFFSET FOR EXISTS ANY ARRAY DISTINCT COUNT( LOCK SAVEPOINT DEFAULT TABLE`.split(
    ' ',
  ),
);
const soup = fc
  .array(fc.tuple(crumb, fc.constantFrom('', ' ', '\n')), { maxLength: 60 })
  .map((crumbs) => crumbs.flat().join(''));
const text = fc.oneof(soup, fc.string({ unit: 'binary', maxLength: 200 }), fc.string({ maxLength: 200 }));

describe('for every text', () => {
  it('parsing never throws and always gives a fingerprint', () => {
    fc.assert(
      fc.property(text, dialect, (sql, spoken) => {
        expect(parseStatement(sql, spoken).fingerprint).toMatch(/^[0-9a-f]{16}$/);
        expect(parseStatement(sql).summary.length).toBeLessThanOrEqual(255);
      }),
      { numRuns: 2000 },
    );
  });

  it('tokens stand in order, never overlap and are never empty', () => {
    fc.assert(
      fc.property(text, dialect, (sql, spoken) => {
        let end = 0;
        for (const token of tokenize(sql, spoken)) {
          expect(token.start).toBeGreaterThanOrEqual(end);
          expect(token.end).toBeGreaterThan(token.start);
          end = token.end;
        }
        expect(end).toBeLessThanOrEqual(sql.length);
      }),
      { numRuns: 2000 },
    );
  });

  it('redacting twice is redacting once', () => {
    fc.assert(
      fc.property(text, dialect, (sql, spoken) => {
        const once = redact(sql, spoken);
        expect(redact(once, spoken)).toBe(once);
      }),
      { numRuns: 2000 },
    );
  });
});

/** A literal that can be recognised wherever it turns up, with the text it must not leave behind. */
const literal = fc.oneof(
  fc
    .stringMatching(/^[a-z' ]{0,5}$/)
    .map((s) => ({ sql: `'s3cret${s.replaceAll("'", "''")}'`, secret: 's3cret' })),
  fc.integer({ min: 700_000, max: 799_999 }).map((n) => ({ sql: `${n}`, secret: `${n}` })),
  fc.integer({ min: 700_000, max: 799_999 }).map((n) => ({ sql: `-${n}.5`, secret: `${n}` })),
  fc.constant({ sql: "E'it\\'s s3cret'", secret: 's3cret' }),
  fc.constant({ sql: "$tag$it's s3cret$tag$", secret: 's3cret' }),
);
const space = fc.constantFrom(' ', '\n', '\t ', ' /* note */ ', ' -- note\n', ' /* a /* b */ c */ ');

/** The same statement around any values, lists, white space and comments. */
const statement = fc
  .record({
    one: literal,
    list: fc.array(literal, { minLength: 1, maxLength: 6 }),
    groups: fc.array(fc.tuple(literal, literal), { minLength: 1, maxLength: 4 }),
    space,
    tail: fc.constantFrom('', ';', " /*traceparent='00-abc-01',route='%2Fusers'*/"),
  })
  .map(({ one, list, groups, space: gap, tail }) => {
    const keys = groups.map(([a, b]) => `("t"."a" = ${a.sql} AND "t"."b" = ${b.sql})`).join(' OR ');
    const ids = list.map((value) => value.sql).join(', ');
    const words = [
      'SELECT "t"."id" FROM "t0" "t" WHERE "t"."x" =',
      one.sql,
      `AND "t"."y" IN (${ids})`,
      `AND (${keys})`,
    ];
    const values = [one, ...list, ...groups.flat()];
    return {
      sql: `${words.join(gap)}${tail}`,
      secrets: values.map((value) => value.secret),
      count: values.length,
    };
  });

describe('for every statement with planted values', () => {
  it('the fingerprint depends on no value, length of a list, comment or white space', () => {
    fc.assert(
      fc.property(statement, statement, (a, b) => {
        expect(parseStatement(a.sql).text).toBe(parseStatement(b.sql).text);
        expect(parseStatement(a.sql).fingerprint).toBe(parseStatement(b.sql).fingerprint);
      }),
    );
  });

  it('the fingerprint changes with every name', () => {
    fc.assert(
      fc.property(statement, fc.constantFrom('"id"', '"t0"', '"x"', '"y"', '"a"', '"b"'), ({ sql }, name) => {
        const renamed = sql.replace(name, `${name.slice(0, -1)}1"`);
        expect(parseStatement(renamed).fingerprint).not.toBe(parseStatement(sql).fingerprint);
      }),
    );
  });

  it('all values are found, and no more', () => {
    fc.assert(
      fc.property(statement, ({ sql, count }) => {
        expect(parseStatement(sql).values).toHaveLength(count);
      }),
    );
  });

  it('no value survives redaction, in the normalised text or in the summary', () => {
    fc.assert(
      fc.property(statement, ({ sql, secrets }) => {
        const { text: normalised, summary } = parseStatement(sql);
        for (const shown of [redact(sql), normalised, summary]) {
          for (const secret of secrets) expect(shown).not.toContain(secret);
        }
      }),
    );
  });
});
