import { describe, expect, it } from '@jest/globals';
import { classify } from '../../../lib/sql/classify.js';
import { findPredicates } from '../../../lib/sql/find-predicates.js';
import { normalise } from '../../../lib/sql/normalise.js';
import { parseStatement } from '../../../lib/sql/parse-statement.js';
import { readOutline } from '../../../lib/sql/read-outline.js';
import { readSelectList } from '../../../lib/sql/read-select-list.js';
import { readValues } from '../../../lib/sql/read-values.js';
import { summarise } from '../../../lib/sql/summarise.js';
import { findTableSites } from '../../../lib/sql/table-site.js';
import type { Token } from '../../../lib/sql/token.js';
import { tokenize } from '../../../lib/sql/tokenize.js';

const SIZE = 400;
const GROWTH = 10;
/** Linear work grows by 10, quadratic by 100. Counted, not timed: the same on every machine. */
const LIMIT = 14;

/** How many characters were looked at, copied or searched while `work` ran. */
function countCharacters(work: () => unknown): number {
  const { charCodeAt, slice, indexOf } = String.prototype;
  let count = 0;
  String.prototype.charCodeAt = function (at) {
    count++;
    return charCodeAt.call(this, at);
  };
  String.prototype.slice = function (from, to) {
    const part = slice.call(this, from, to);
    count += part.length;
    return part;
  };
  String.prototype.indexOf = function (text, from = 0) {
    const at = indexOf.call(this, text, from);
    count += (at === -1 ? this.length : at) - from;
    return at;
  };
  try {
    work();
  } finally {
    Object.assign(String.prototype, { charCodeAt, slice, indexOf });
  }
  return count;
}

/** How often the stages behind the tokenizer look at a token. */
function countTokenReads(sql: string): number {
  let count = 0;
  const tokens: readonly Token[] = new Proxy([...tokenize(sql, 'standard')], {
    get(target, property, receiver) {
      count++;
      return Reflect.get(target, property, receiver) as unknown;
    },
  });
  const outline = readOutline(tokens);
  const sites = findTableSites(outline);
  const classification = classify(outline, []);
  for (const stage of [findPredicates, readValues, readSelectList]) stage(outline);
  summarise(sql, outline, sites, classification);
  normalise(tokens);
  return count;
}

const times = (n: number, part: (i: number) => string, separator = ', ') =>
  Array.from({ length: n }, (_, i) => part(i)).join(separator);

/** Statements that grow without end, and those that would make a careless parser look at the same text again and again. */
const shapes: Record<string, (n: number) => string> = {
  'an IN list': (n) => `SELECT * FROM t WHERE id IN (${times(n, (i) => `${i}`)})`,
  'rows of VALUES': (n) => `INSERT INTO t(a, b) VALUES ${times(n, (i) => `($${2 * i + 1}, $${2 * i + 2})`)}`,
  'rows that compute': (n) => `INSERT INTO t(a, b) VALUES ${times(n, (i) => `(${i}, now())`)}`,
  'equal groups joined by OR': (n) =>
    `SELECT * FROM t WHERE ${times(n, (i) => `(a = ${i} AND b = ${i})`, ' OR ')}`,
  'different groups joined by OR': (n) => `SELECT * FROM t WHERE ${times(n, (i) => `(a${i} = 1)`, ' OR ')}`,
  'a long string': (n) => `SELECT '${'x'.repeat(20 * n)}'`,
  'a long comment': (n) => `SELECT /* ${'/* '.repeat(5 * n)} */ 1`,
  'open parentheses': (n) => `SELECT * FROM t WHERE ${'('.repeat(4 * n)} a = 1`,
  'nested groups': (n) => `SELECT * FROM t WHERE ${'(a = 1 AND '.repeat(n)} b = 2 ${')'.repeat(n)}`,
  'nested groups joined by OR': (n) =>
    `SELECT * FROM t WHERE ${'(a = 1) OR ('.repeat(n)} b = 2 ${')'.repeat(n)}`,
  'nested CASE': (n) => `SELECT ${'CASE WHEN a = 1 THEN '.repeat(n)} 1 ${'END '.repeat(n)}`,
  'nested subqueries': (n) => `${'SELECT * FROM ('.repeat(n)} SELECT 1 ${')'.repeat(n)}`,
  'row values': (n) => `SELECT * FROM t WHERE (a, b) IN (${times(n, (i) => `(${i}, ${i})`)})`,
  'open row values': (n) => `SELECT * FROM t WHERE ${'(a, b, '.repeat(n)}`,
  'many tables': (n) => `SELECT * FROM ${times(n, (i) => `s.t${i} AS x${i}`)}`,
  'many aggregates': (n) => `SELECT ${times(n, (i) => `SUM(a${i})`)} FROM t`,
  'a dotted name': (n) => `SELECT * FROM ${times(n, () => 'a', '.')} WHERE ${times(n, () => 'a', '.')} = 1`,
  casts: (n) => `SELECT * FROM t WHERE a = 1${'::int[]'.repeat(n)}`,
  quotes: (n) => `SELECT ${`'" `.repeat(3 * n)}`,
  dollars: (n) => `SELECT ${'$a $b$ '.repeat(n)}`,
  'named placeholders': (n) => `SELECT ${times(n, (i) => `:name${i}`)}`,
};

describe('the work grows linearly with', () => {
  it.each(Object.entries(shapes))('%s', (_, shape) => {
    const [small, large] = [shape(SIZE), shape(SIZE * GROWTH)];
    expect(countTokenReads(large) / countTokenReads(small)).toBeLessThan(LIMIT);
    const scan = (sql: string) => countCharacters(() => tokenize(sql, 'standard'));
    expect(scan(large) / scan(small)).toBeLessThan(LIMIT);
  });
});

describe('a very long statement', () => {
  it('of 65,535 values gives each of them', () => {
    const { values, valuesRows, text } = parseStatement(
      `INSERT INTO t(a) VALUES ${times(65_535, (i) => `($${i + 1})`)}`,
    );
    expect(values).toHaveLength(65_535);
    expect(values.at(-1)).toEqual({ kind: 'parameter', index: 65_534 });
    expect(valuesRows).toBe(65_535);
    expect(text).toBe('INSERT INTO t(a) VALUES (...)');
  });

  it('of 10,000 keys is one predicate', () => {
    const { predicates, text } = parseStatement(
      `SELECT * FROM t WHERE id IN (${times(10_000, (i) => `${i}`)})`,
    );
    expect(predicates.map(({ values }) => values.length)).toEqual([10_000]);
    expect(text).toBe('SELECT * FROM t WHERE id IN (...)');
  });

  it('of a million characters is read to its end', () => {
    const { limit } = parseStatement(`SELECT * FROM t WHERE a = '${'x'.repeat(1_000_000)}' LIMIT 3`);
    expect(limit).toEqual({ kind: 'literal', value: 3 });
  });
});
