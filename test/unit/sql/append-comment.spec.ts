import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { appendComment } from '../../../lib/sql/append-comment.js';
import { parseStatement } from '../../../lib/sql/parse-statement.js';
import { redact } from '../../../lib/sql/redact.js';

const statements = [
  'SELECT "id" FROM "author" WHERE "id" = $1',
  "INSERT INTO post (title) VALUES ('it''s')",
  'START TRANSACTION',
];

describe('a comment behind a statement', () => {
  it('has its keys sorted and its values encoded, as sqlcommenter writes them', () => {
    const tags = { route: '/authors/:id', action: "it's", controller: 'Authors' };
    expect(appendComment('SELECT 1', tags, 'standard')).toBe(
      "SELECT 1 /*action='it%27s',controller='Authors',route='%2Fauthors%2F%3Aid'*/",
    );
  });

  it('stands in front of a closing semicolon', () => {
    expect(appendComment('SELECT 1 ;\n', { a: 'b' }, 'standard')).toBe("SELECT 1 /*a='b'*/ ;\n");
  });

  it.each([
    ['SELECT 1 /* by hand */', 'standard'],
    ['/*+ HINT */ SELECT 1', 'standard'],
    ['SELECT 1 -- by hand', 'standard'],
    ['SELECT 1 # by hand', 'mysql'],
    ['', 'standard'],
    [' ;', 'standard'],
  ] as const)('is left out where there is one already, or nothing: %j', (sql, dialect) => {
    expect(appendComment(sql, { a: 'b' }, dialect)).toBeUndefined();
  });

  it('is not taken for one by an operator of PostgreSQL', () => {
    expect(appendComment("SELECT a #> '{b}'", { a: 'b' }, 'standard')).toBe("SELECT a #> '{b}' /*a='b'*/");
  });

  it('holds nothing that ends it, or that a driver takes for a placeholder, whatever the values', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (key, value) => {
        const text = appendComment('SELECT 1', { [key]: value }, 'mysql') ?? '';
        expect(text).toMatch(/^SELECT 1 \/\*[\w.~%-]*='[\w.~%-]*'\*\/$/);
      }),
    );
  });

  it('makes no other statement of it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...statements), fc.string(), (sql, value) => {
        for (const dialect of ['standard', 'mysql'] as const) {
          const commented = appendComment(sql, { route: value }, dialect) ?? '';
          expect(parseStatement(commented, dialect).fingerprint).toBe(
            parseStatement(sql, dialect).fingerprint,
          );
          expect(redact(commented, dialect)).toBe(redact(sql, dialect));
        }
      }),
    );
  });
});
