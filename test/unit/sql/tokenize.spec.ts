import { describe, expect, it } from '@jest/globals';
import type { SqlDialect } from '../../../lib/sql/sql-dialect.js';
import { tokenize } from '../../../lib/sql/tokenize.js';

/** `kind text` of each token. */
const tokens = (sql: string, dialect: SqlDialect = 'standard') =>
  tokenize(sql, dialect).map(({ kind, text }) => `${kind} ${text}`);
const kinds = (sql: string, dialect: SqlDialect = 'standard') =>
  tokenize(sql, dialect).map(({ kind }) => kind);
const placeholders = (sql: string, dialect: SqlDialect = 'standard') =>
  tokenize(sql, dialect)
    .filter(({ kind }) => kind === 'placeholder')
    .map(({ text, index }) => `${text}=${index}`);

describe('tokenize: strings', () => {
  it.each([
    `'plain'`,
    `'it''s'`,
    String.raw`'C:\'`,
    String.raw`E'it\'s'`,
    `N'text'`,
    `B'0101'`,
    `x'ff'`,
    `U&'\\0041'`,
    `$$it's$$`,
    `$body$ $$ ' $body$`,
    `'never closed`,
  ])('takes %s for one string', (sql) => {
    expect(tokens(sql)).toEqual([`string ${sql}`]);
  });

  it.each([String.raw`'it\'s'`, `"double"`, `'it''s'`])('takes %s for one string on MySQL', (sql) => {
    expect(tokens(sql, 'mysql')).toEqual([`string ${sql}`]);
  });

  it('does not take a parameter between dollars for a dollar quote', () => {
    expect(kinds('$1$2')).toEqual(['placeholder', 'placeholder']);
  });
});

describe('tokenize: names', () => {
  it.each(['"a b"', '"a""b"', '`a`', '[order]', 'U&"a"'])('takes %s for one identifier', (sql) => {
    expect(tokens(`SELECT ${sql}`)[1]).toBe(`identifier ${sql}`);
  });

  it.each(['tags[1]', 'ARRAY[1]', 'ARRAY[[1],[2]]', `$1[2]`])(
    'takes the bracket in %s for no identifier',
    (sql) => {
      expect(kinds(`SELECT ${sql}`)).not.toContain('identifier');
    },
  );

  it('folds keywords and keeps all other words', () => {
    expect(tokens('select Title from POST')).toEqual([
      'keyword SELECT',
      'word Title',
      'keyword FROM',
      'word POST',
    ]);
  });

  it('takes a keyword behind a dot for a name', () => {
    expect(tokens('t.order').at(-1)).toBe('word order');
  });

  it('keeps digits, dollars and letters above ASCII in words', () => {
    expect(tokens('a_table0 x$1 größe')).toEqual(['word a_table0', 'word x$1', 'word größe']);
  });
});

describe('tokenize: comments', () => {
  it.each(['-- a ? b', '/* a */', '/* a /* nested */ b */', '/* never closed'])(
    'leaves out %s',
    (comment) => {
      expect(tokens(`1 ${comment}`)).toEqual(['number 1']);
    },
  );

  it('goes on behind the line of a comment', () => {
    expect(kinds("1 -- it's\n 2")).toEqual(['number', 'number']);
  });

  it('knows # and comments that do not nest on MySQL', () => {
    expect(tokens("1 # it's", 'mysql')).toEqual(['number 1']);
    expect(tokens('/* /* */ 2', 'mysql')).toEqual(['number 2']);
    expect(tokens('5--3', 'mysql')).toEqual(['number 5', 'operator -', 'number -3']);
  });
});

describe('tokenize: numbers', () => {
  it.each(['1', '1.5', '.5', '1e5', '1.5E-3', '0xFF', '1_000', '-7', '+2.5'])(
    'takes %s for one number',
    (sql) => {
      expect(tokens(sql)).toEqual([`number ${sql}`]);
    },
  );

  it('tells a minus from a sign', () => {
    expect(tokens('a -1')).toEqual(['word a', 'operator -', 'number 1']);
    expect(tokens('a = -1').at(-1)).toBe('number -1');
    expect(tokens('IN (-1)')).toContain('number -1');
  });
});

describe('tokenize: placeholders', () => {
  it('numbers ? in order of appearance and $n by its number', () => {
    expect(placeholders('a = ? AND b = ?')).toEqual(['?=0', '?=1']);
    expect(placeholders('a = $2 AND b = $1')).toEqual(['$2=1', '$1=0']);
  });

  it('numbers SQL Server from @0, Oracle from :1, SQLite from ?1, and names by first appearance', () => {
    expect(placeholders('a = @0 AND b = @1')).toEqual(['@0=0', '@1=1']);
    expect(placeholders('a = :1 AND b = :2')).toEqual([':1=0', ':2=1']);
    expect(placeholders('a = ?2')).toEqual(['?2=1']);
    expect(placeholders('a = :from OR b = :to OR c = :from')).toEqual([':from=0', ':to=1', ':from=0']);
    expect(placeholders('a = @p1')).toEqual(['@p1=0']);
  });

  it('takes ? behind an operand for the jsonb operator', () => {
    expect(tokens(`data ? 'key'`)[1]).toBe('operator ?');
    expect(tokens(`data ?| ARRAY['a']`)[1]).toBe('operator ?|');
    expect(tokens(`data ?& ARRAY['a']`)[1]).toBe('operator ?&');
    expect(placeholders(`data ? ?`)).toEqual(['?=0']);
  });

  it('takes a cast, a slice and an @ variable of MySQL for no placeholder', () => {
    expect(placeholders('$1::text')).toEqual(['$1=0']);
    expect(placeholders('tags[1:2]')).toEqual([]);
    expect(placeholders('SET @a = ?', 'mysql')).toEqual(['?=0']);
  });
});

describe('tokenize: values that are words', () => {
  it('takes TRUE, FALSE and NULL for values where they are values', () => {
    expect(kinds('a = TRUE')).toEqual(['word', 'operator', 'boolean']);
    expect(kinds('VALUES (NULL, false)')).toContain('null');
  });

  it.each(['a IS NULL', 'a IS NOT NULL', 'a IS TRUE', 'a IS NOT FALSE', 'ON DELETE SET NULL'])(
    'not in %s',
    (sql) => {
      expect(kinds(sql).filter((kind) => kind === 'null' || kind === 'boolean')).toEqual([]);
    },
  );
});

describe('tokenize: operators', () => {
  it.each(['<=', '>=', '<>', '!=', '||', '->', '->>', '#>>', '@>', '<@', '&&', '~*', '::', ':='])(
    'keeps %s whole',
    (sql) => {
      expect(tokens(`a ${sql} b`)[1]).toBe(`operator ${sql}`);
    },
  );

  it('does not swallow what follows an operator', () => {
    expect(kinds('a=?')).toEqual(['word', 'operator', 'placeholder']);
    expect(tokens('a=-1').at(-1)).toBe('number -1');
    expect(kinds('a=@p1')).toEqual(['word', 'operator', 'placeholder']);
  });
});
