import { describe, expect, it } from '@jest/globals';
import { cachedParse } from '../../../lib/analysis/cached-parse.js';
import { keptStatement } from '../../../lib/analysis/kept-statement.js';
import { parseStatement } from '../../../lib/sql/parse-statement.js';

const list = (length: number, last = length) =>
  `SELECT * FROM "book" WHERE "id" IN (${[...Array.from({ length: length - 1 }, (_, at) => at + 1), last].join()})`;
const kept = (sql: string) => keptStatement(parseStatement(sql, 'standard'));

describe('what is kept of a parsed statement', () => {
  it('is all of it, up to 32 values', () => {
    const statement = parseStatement(list(32), 'standard');
    expect(keptStatement(statement)).toBe(statement);
  });

  it('is the first 32 values of a longer list, and how many there are', () => {
    const { values, predicates } = kept(list(33));
    expect(values).toHaveLength(32);
    expect(predicates).toEqual([expect.objectContaining({ column: 'id', valueCount: 33 })]);
    expect(predicates[0]?.values).toHaveLength(32);
  });

  it('tells lists apart by the values that are not kept', () => {
    expect(kept(list(500)).valuesDigest).toBe(kept(list(500)).valuesDigest);
    expect(kept(list(500)).valuesDigest).not.toBe(kept(list(500, 7)).valuesDigest);
  });

  it('is the first hundred conditions of many', () => {
    const ors = Array.from({ length: 101 }, (_, at) => `"id" = ${String(at)}`).join(' OR ');
    expect(kept(`SELECT * FROM "book" WHERE ${ors}`).predicates).toHaveLength(100);
  });

  it('is what the analysis gets', () => {
    expect(cachedParse()(list(40), 'standard').values).toHaveLength(32);
  });
});
