import { describe, expect, it } from '@jest/globals';
import type { Statement, ValueReference } from '../../../lib/sql/statement.js';
import { recordedStatements } from './typeorm-statements.js';

const show = (value: ValueReference) =>
  value.kind === 'parameter' ? `$${value.index + 1}` : JSON.stringify(value.value);
const predicates = ({ predicates: all }: Statement) =>
  all.map(
    ({ qualifier, column, operator, values, isConjunct }) =>
      `${qualifier ? `${qualifier}.` : ''}${column} ${operator} ${values.map(show).join(' ')}${isConjunct ? '' : ' ?'}`,
  );
const tables = ({ tables: all }: Statement) =>
  all.map(({ name, alias, access }) => `${access} ${name}${alias ? ` ${alias}` : ''}`);

describe.each(['postgres', 'sqljs', 'mysql'] as const)('what TypeORM 1.1 sends on %s', (dialect) => {
  const all = recordedStatements(dialect);
  const of = (label: string) => all.filter((one) => one.label === label).map((one) => one.statement);
  const data = (label: string) => of(label).filter(({ kind }) => kind !== 'transaction' && kind !== 'schema');
  const last = (label: string) => of(label).at(-1)!;
  const isParameterised = dialect !== 'sqljs';
  /** SQLite gets numbers as literals. */
  const value = (index: number, literal: number) => (isParameterised ? `$${index}` : `${literal}`);

  it('has placeholders for exactly the values that travel with it', () => {
    for (const { statement, parameters } of all) {
      const { values, limit, offset } = statement;
      const indexes = [...values, limit, offset].flatMap((one) =>
        one?.kind === 'parameter' ? [one.index] : [],
      );
      expect([...new Set(indexes)].sort((a, b) => a - b)).toEqual(
        Array.from({ length: parameters }, (_, n) => n),
      );
    }
  });

  it('is never of kind other, except for settings of the session', () => {
    const others = all.filter(({ statement }) => statement.kind === 'other');
    expect(others.every(({ query }) => query.startsWith('SET '))).toBe(true);
  });

  it('is schema work or a transaction while the schema is synchronised', () => {
    const reads = of('schema').filter(({ kind, tables: named }) => kind === 'select' && named.length > 0);
    expect(reads).toEqual([]);
  });

  it('has tables in every statement on data', () => {
    for (const { label, statement } of all) {
      if (label === 'schema' || !['insert', 'update', 'delete'].includes(statement.kind)) continue;
      expect(statement.tables[0]?.access).toBe('write');
      expect(statement.summary).toMatch(/^(INSERT|UPDATE|DELETE) \S+/);
    }
  });

  it('reads a lookup by key', () => {
    expect(predicates(last('find one by id'))).toEqual([`Book.id = ${value(1, 1)}`]);
    expect(last('find one by id').limit).toEqual({ kind: 'literal', value: 1 });
  });

  it('reads a lookup by the key of a relation', () => {
    const [statement] = of('find by relation');
    expect(predicates(statement!)).toEqual([`Book__Book_author.id = ${value(1, 1)}`]);
    expect(statement!.columnPairs).toMatchObject([
      {
        left: { qualifier: 'Book__Book_author', column: 'id' },
        right: { qualifier: 'Book', column: 'author_fk' },
      },
    ]);
  });

  it('reads both sides of a lazy relation', () => {
    expect(tables(last('lazy to-many'))).toEqual(['read review reviews']);
    expect(predicates(last('lazy to-many'))).toEqual([expect.stringMatching(/^reviews\.bookId in (\$1|1)$/)]);
    expect(tables(last('lazy to-one'))).toEqual(['read book book', 'read review Review']);
    expect(predicates(last('lazy to-one'))).toEqual([expect.stringMatching(/^Review\.id in (\$1|1)$/)]);
  });

  it('reads the junction of a many-to-many relation', () => {
    expect(predicates(last('relation builder'))).toEqual([
      expect.stringMatching(/^book_tags_tag\.bookId in (\$1|1)$/),
    ]);
    expect(last('relation builder').columnPairs).toMatchObject([{ clause: 'on', isConjunct: true }]);
  });

  it('knows the first statement of a page with relations, and no other', () => {
    const pages = ['page with relation', 'find one with relation', 'find and count'];
    for (const label of pages) expect(of(label)[0]!.isDistinctIds).toBe(true);
    const found = all.filter(({ statement }) => statement.isDistinctIds).map(({ label }) => label);
    expect(new Set(found)).toEqual(new Set(pages));
  });

  it('knows counts, existence and aggregates', () => {
    const having = (fact: 'isCount' | 'isExists' | 'isAggregate') =>
      new Set(
        all.filter(({ label, statement }) => label !== 'schema' && statement[fact]).map(({ label }) => label),
      );
    expect(having('isCount')).toEqual(new Set(['count', 'find and count']));
    expect(having('isExists')).toEqual(new Set(['exists']));
    expect(having('isAggregate')).toEqual(new Set(['count', 'find and count', 'sum', 'query builder group']));
  });

  it('gives one fingerprint to lists, rows and composite keys of any length', () => {
    expect(last('find in 1').fingerprint).toBe(last('find in 3').fingerprint);
    expect(data('insert one')[0]!.fingerprint).toBe(data('insert many')[0]!.fingerprint);
    expect(last('whereInIds 1').fingerprint).toBe(last('whereInIds 2').fingerprint);
    expect(last('composite ids').fingerprint).toBe(last('composite ids of one').fingerprint);
    for (const position of [1, 2]) {
      const many = of('find with relation ids')[position]!;
      expect(many.fingerprint).toBe(of('find with relation ids of one')[position]!.fingerprint);
    }
  });

  it('keeps the entities and the ids of the query strategy apart', () => {
    const statements = of('find with query strategy');
    expect(new Set(statements.map((one) => one.fingerprint)).size).toBe(statements.length);
  });

  it('counts the rows it inserts', () => {
    expect(data('insert many')[0]!.valuesRows).toBe(2);
  });

  it('marks what stands below OR and NOT', () => {
    expect(predicates(last('find where or')).every((one) => one.endsWith('?'))).toBe(true);
    const [first, second] = predicates(last('find where not'));
    expect(first).toBe('Author.name <> $1');
    expect(second).toMatch(/^Author\.age in .* \?$/);
  });

  if (dialect !== 'sqljs') {
    it('sees the lock', () => {
      expect(data('lock').map((one) => one.isLocking)).toEqual([true]);
    });
  }
});
