import { describe, expect, it } from '@jest/globals';
import { redact } from '../../../lib/sql/redact.js';

describe('redact', () => {
  it.each([
    [
      `SELECT * FROM "a" WHERE b = 'secret' AND c = 5 AND d = $1`,
      `SELECT * FROM "a" WHERE b = ? AND c = ? AND d = $1`,
    ],
    [`a = E'it\\'s' OR b = $$x$$ OR c = x'ff'`, `a = ? OR b = ? OR c = ?`],
    [`a = 1 /* user 7 */ -- password`, `a = ?`],
    [`SELECT  a,\n  b`, `SELECT a, b`],
    [`a = 'never closed`, `a = ?`],
    [`LIMIT 10 OFFSET :skip`, `LIMIT ? OFFSET :skip`],
    [`data ? 'key'`, `data ? ?`],
  ])('of %s', (sql, expected) => {
    expect(redact(sql)).toBe(expected);
  });

  it('knows the strings of MySQL', () => {
    expect(redact("SELECT * FROM `a` WHERE b = \"secret\" AND c = 'it\\'s' # secret")).toBe(
      'SELECT * FROM `a` WHERE b = ? AND c = ?',
    );
    expect(redact('b = "secret"', 'mysql')).toBe('b = ?');
    expect(redact('b = "name"', 'standard')).toBe('b = "name"');
  });
});
