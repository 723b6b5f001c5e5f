import { describe, expect, it } from '@jest/globals';
import { parameterised } from '../../../lib/shadow/parameterised.js';

describe('a masked statement becomes one that can be planned', () => {
  it.each([
    ['SELECT 1 FROM t', 'SELECT 1 FROM t'],
    [
      'SELECT * FROM "t" WHERE a = ? AND b IN (...) LIMIT ?',
      'SELECT * FROM "t" WHERE a = $1 AND b IN ($2) LIMIT $3',
    ],
    ['SELECT * FROM t WHERE at > now() - interval ?', 'SELECT * FROM t WHERE at > now() - $1::interval'],
    [
      'SELECT * FROM t WHERE at > TIMESTAMP ? AND d = DATE ?',
      'SELECT * FROM t WHERE at > $1::TIMESTAMP AND d = $2::DATE',
    ],
    [
      'SELECT date_trunc(?, t.date) FROM t WHERE t.date > ?',
      'SELECT date_trunc($1, t.date) FROM t WHERE t.date > $2',
    ],
    ['SELECT ?::date, "why?" FROM t', 'SELECT $1::date, "why?" FROM t'],
    ['SELECT * FROM t WHERE x = ANY (ARRAY[...])', 'SELECT * FROM t WHERE x = ANY (ARRAY[$1])'],
    ['SELECT * FROM t WHERE tags ? ? AND x = ANY (?)', 'SELECT * FROM t WHERE tags ? $1 AND x = ANY ($2)'],
  ])('%s', (masked, expected) => {
    expect(parameterised(masked)).toBe(expected);
  });
});
