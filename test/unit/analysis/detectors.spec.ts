import { describe, expect, it } from '@jest/globals';
import type { Row } from '../../../lib/record/query-record.js';
import { library } from './schema.js';
import { join, rows, Script, type QueryPart } from './script.js';

const times = (count: number, step: (n: number) => void): void => {
  for (let n = 1; n <= count; n++) step(n);
};

/** Books of a list, each with one lookup of `sql` by its value. */
function loop(count: number, sql: string, part: (n: number) => QueryPart = () => ({})): Script {
  const script = new Script();
  script.entities(
    'Book',
    rows(8, (id) => ({ title: `title ${id}`, authorId: 10 + id })),
  );
  times(count, (n) =>
    script.query(sql, { values: [10 + n], at: 'src/loop.ts:20:9', rows: [{ id: 10 + n }], ...part(n) }),
  );
  return script;
}

const byId = 'SELECT * FROM author WHERE id = $1';

describe('n-plus-one', () => {
  it('fires from three different keys on', () => {
    expect(loop(3, byId).kinds()).toEqual(['n-plus-one Book.author']);
  });

  it('stays silent for two', () => {
    expect(loop(2, byId).kinds()).toEqual([]);
  });

  it('fires for two where the threshold is two', () => {
    expect(loop(2, byId).kinds({ minRepeats: 2 })).toEqual(['n-plus-one Book.author']);
  });

  it('stays silent for one parent, however often: that is a duplicate', () => {
    expect(loop(4, byId, () => ({ values: [11] })).kinds()).toEqual(['duplicate-query']);
  });

  it('folds repeated keys in', () => {
    const [finding, ...others] = loop(9, byId, (n) => ({ values: [11 + (n % 3)] })).findings();
    expect(others).toEqual([]);
    expect(finding?.evidence.text).toContain('9 statements, 3 distinct keys');
  });

  it('fires for lookups at the same time', () => {
    expect(loop(4, byId, () => ({ startMs: 5 })).kinds()).toEqual(['n-plus-one Book.author']);
  });

  it('stays silent for lookups that began before the list had come back', () => {
    expect(loop(4, byId, () => ({ startMs: 0 })).kinds()).toEqual([]);
  });

  it('stays silent for lookups on lines of their own', () => {
    expect(loop(4, byId, (n) => ({ at: `src/loop.ts:${n}:9` })).kinds()).toEqual([]);
  });

  it('stays silent for two calls on one line', () => {
    expect(loop(4, byId, (n) => ({ at: `src/loop.ts:1:${n * 20}` })).kinds({ minRepeats: 2 })).toEqual([]);
  });

  it('stays silent where no call site is known', () => {
    expect(loop(4, byId, () => ({ at: null })).kinds()).toEqual([]);
  });

  it('counts the runs whose stack was not captured any more', () => {
    const script = loop(8, byId, (n) => ({ at: n <= 3 ? 'src/loop.ts:20:9' : null }));
    expect(script.findings()).toMatchObject([{ kind: 'n-plus-one', cost: { statements: 8 } }]);
  });

  it('counts the lookups for rows that were not kept', () => {
    const script = new Script();
    script.entities(
      'Book',
      rows(20, (id) => ({ authorId: id })),
      { of: { entities: 50 } },
    );
    times(50, (n) => script.query(byId, { values: [n], at: 'src/loop.ts:20:9', rows: [] }));
    expect(script.findings()).toMatchObject([{ kind: 'n-plus-one', cost: { statements: 50 } }]);
  });

  it('stays silent for reads that lock', () => {
    expect(loop(4, `${byId} FOR UPDATE`).kinds()).toEqual([]);
  });

  it('stays silent for streams', () => {
    expect(loop(4, byId, () => ({ via: 'stream' })).kinds()).toEqual([]);
  });

  it('stays silent for lists of keys', () => {
    const sql = 'SELECT * FROM author WHERE id IN ($1, $2)';
    expect(loop(4, sql, (n) => ({ values: [10 + n, 11 + n] })).kinds()).toEqual([]);
  });

  it('stays silent for batches of which some hold one key', () => {
    const script = new Script();
    script.entities(
      'Book',
      rows(8, (id) => ({ authorId: id })),
    );
    for (const keys of [[1], [2], [3, 4, 5], [6]])
      script.query(`SELECT * FROM author WHERE id IN (${keys.map((_, n) => `$${n + 1}`).join(', ')})`, {
        values: keys,
        at: 'src/loop.ts:20:9',
        rows: keys.map((id) => ({ id })),
      });
    expect(script.kinds({ minRepeats: 2 })).toEqual([]);
  });

  it('calls lists of one key what they are', () => {
    const [finding] = loop(4, 'SELECT * FROM author WHERE id IN ($1)').findings();
    expect(finding?.advice.text).toContain('Each batch holds one key');
  });

  it('stays silent for constants', () => {
    expect(
      loop(4, 'SELECT * FROM setting WHERE name = $1', (n) => ({ values: [`name ${n}`] })).kinds(),
    ).toEqual([]);
  });

  it('stays silent where only something else than the parent changes', () => {
    const script = new Script();
    script.entities('Book', rows(4));
    const sql = 'SELECT * FROM review WHERE "bookId" = $1 AND text = $2';
    times(4, (n) => script.query(sql, { values: [1, `text ${n}`], at: 'src/loop.ts:20:9', rows: [] }));
    expect(script.kinds()).toEqual([]);
  });

  it('stays silent for values that another column of numbers holds by chance', () => {
    expect(loop(4, 'SELECT * FROM review WHERE id = $1').kinds()).toEqual([]);
  });

  it('fires for text of an ordinary column in the order of the rows', () => {
    const sql = 'SELECT * FROM setting WHERE name = $1';
    expect(loop(4, sql, (n) => ({ values: [`title ${n}`] })).kinds()).toEqual(['n-plus-one Setting by name']);
    const mixed = [3, 1, 4, 2];
    expect(loop(4, sql, (n) => ({ values: [`title ${mixed[n - 1]}`] })).kinds()).toEqual([]);
  });

  it('stays silent where a write lies between the reads', () => {
    const script = new Script();
    script.entities(
      'Book',
      rows(4, (id) => ({ authorId: id })),
    );
    times(4, (n) => {
      script.query(byId, { values: [n], at: 'src/loop.ts:20:9', rows: [{ id: n }] });
      script.query('UPDATE author SET name = $1 WHERE id = $2', {
        values: ['x', n],
        at: 'src/loop.ts:21:9',
        transaction: 1,
      });
    });
    expect(script.kinds()).toEqual([]);
  });

  it('stays silent for ancestors, each key from the row before', () => {
    const script = new Script();
    script.query('SELECT id, parent FROM node WHERE id = $1', {
      values: [9],
      rows: [{ id: 9, parent: 8 }],
      at: 'src/loop.ts:2:2',
    });
    for (let id = 8; id > 2; id--)
      script.query('SELECT id, parent FROM node WHERE id = $1', {
        values: [id],
        rows: [{ id, parent: id - 1 }],
        at: 'src/loop.ts:20:9',
      });
    expect(script.kinds()).toEqual([]);
  });

  it('stays silent for parents that were loaded singly, though a list holds them as well', () => {
    const script = new Script();
    script.entities('Author', rows(6));
    times(4, (n) => {
      script.query('SELECT * FROM book WHERE id = $1', {
        values: [n],
        rows: [{ id: n, authorId: n }],
        at: `src/a.ts:${n}:1`,
      });
      script.query(byId, { values: [n], rows: [{ id: n }], at: 'src/helper.ts:20:9' });
    });
    expect(script.kinds()).toEqual([]);
  });

  it.each(['bootstrap', 'background'] as const)('stays silent in %s', (kind) => {
    expect(loop(4, byId).findings({}, { kind })).toEqual([]);
  });

  it('advises a loader of the relation for a field of a response, in one line', () => {
    const script = new Script();
    script.entities('Author', rows(3));
    times(3, (n) =>
      script.query('SELECT * FROM book WHERE "authorId" = $1', {
        values: [n],
        rows: rows(2, () => ({ authorId: n })),
        fieldPath: 'authors.books',
      }),
    );
    const [finding] = script.findings();
    expect(finding?.evidence.facts).toMatchObject({ fieldPath: 'authors.books' });
    expect(finding?.advice.text).toContain('authors.books');
    expect(finding?.advice.code).toBe("createRelationLoader(dataSource, Author, 'books')");
  });

  it('advises a DataLoader by hand where only part of the relation is wanted, or no relation is known', () => {
    const byStars = (script: Script, sql: string, values: readonly (string | number)[]) =>
      script.query(sql, {
        values,
        rows: rows(2, () => ({ authorId: values[0] })),
        fieldPath: 'authors.books',
      });
    const part = new Script();
    part.entities('Author', rows(3));
    times(3, (n) => byStars(part, 'SELECT * FROM book WHERE "authorId" = $1 AND title = $2', [n, 'x']));
    expect(part.findings()[0]?.advice.code).toBe(
      'new DataLoader(async (keys) => {\n' +
        '  const rows = await bookRepository.find({ where: { authorId: In([...keys]) } });\n' +
        '  return keys.map((key) => rows.filter((row) => row.authorId === key));\n})',
    );
  });

  it('names the relation that the relation loader says', () => {
    const script = new Script();
    const batch = script.entities('Author', rows(3));
    times(3, (n) => script.relation('Author.books', batch, rows(2), { values: [n] }));
    expect(script.kinds()).toEqual(['n-plus-one Author.books']);
  });

  it('stays silent for parents of a batch of one', () => {
    const script = new Script();
    times(4, (n) => {
      const batch = script.entities('Author', rows(1), { values: [n], sql: byId, at: `src/a.ts:${n}:1` });
      script.relation('Author.books', batch, rows(2), { values: [n] });
    });
    expect(script.kinds()).toEqual([]);
  });

  it('stays silent for the query strategy', () => {
    const script = new Script();
    const batch = script.entities('Author', rows(3));
    times(3, (n) =>
      script.relation('Author.books', batch, rows(2), { values: [n], of: { how: 'query', parents: 3 } }),
    );
    expect(script.kinds().filter((kind) => kind.startsWith('n-plus-one'))).toEqual([]);
  });

  it('makes one finding of several pages of one list', () => {
    const script = new Script();
    times(3, (page) => {
      const batch = script.entities('Author', rows(2), {
        values: [page],
        sql: 'SELECT id FROM author LIMIT 2 OFFSET $1',
      });
      times(2, (n) => script.relation('Author.books', batch, rows(2), { values: [page * 10 + n] }));
    });
    expect(script.findings()).toMatchObject([{ kind: 'n-plus-one', cost: { statements: 6 } }]);
  });

  it('makes two findings of two lists', () => {
    const script = new Script();
    for (const at of ['src/a.ts:1:1', 'src/b.ts:1:1']) {
      const batch = script.entities('Author', rows(3), { at, sql: `SELECT id FROM author /* ${at} */` });
      times(3, (n) => script.relation('Author.books', batch, rows(2), { values: [`${at} ${n}`], at }));
    }
    expect(script.kinds()).toEqual(['n-plus-one Author.books', 'n-plus-one Author.books']);
  });
});

describe('count-per-row', () => {
  const count = 'SELECT COUNT(*) FROM review WHERE "bookId" = $1';
  const counts = (n: number): Script => {
    const script = new Script();
    script.entities('Book', rows(8));
    times(n, (id) => script.query(count, { values: [id], rows: [{ count: 2 }], at: 'src/loop.ts:20:9' }));
    return script;
  };

  it('fires from three on', () => {
    expect(counts(3).kinds()).toEqual(['count-per-row Book.reviews']);
  });

  it('stays silent for two', () => {
    expect(counts(2).kinds()).toEqual([]);
  });
});

describe('duplicate-query', () => {
  const sql = 'SELECT * FROM setting WHERE name = $1';
  const read = (script: Script, part: QueryPart = {}) =>
    script.query(sql, { values: ['theme'], rows: [{ id: 1 }], ...part });

  it('fires for two', () => {
    expect(read(read(new Script())).kinds()).toEqual(['duplicate-query']);
  });

  it('stays silent for one, and for other values', () => {
    expect(read(read(new Script(), { values: ['other'] })).kinds()).toEqual([]);
  });

  it('stays silent below a threshold of three', () => {
    expect(read(read(new Script())).kinds({ minDuplicates: 3 })).toEqual([]);
    expect(read(read(read(new Script()))).kinds({ minDuplicates: 3 })).toEqual(['duplicate-query']);
  });

  it('makes one finding of a loop over constants that ran twice', () => {
    const script = new Script();
    times(2, () => {
      times(5, (n) => read(script, { values: [`name ${n}`] }));
    });
    expect(script.findings()).toMatchObject([{ kind: 'duplicate-query', cost: { statements: 10 } }]);
  });

  it.each([
    'INSERT INTO setting (name) VALUES ($1)',
    'UPDATE setting SET value = $1',
    'DELETE FROM setting WHERE id = $1',
    'TRUNCATE setting',
    'CALL refresh()',
  ])('stays silent when %s lies between', (write) => {
    expect(read(read(new Script()).query(write)).kinds()).toEqual([]);
  });

  it('fires when another table was written', () => {
    expect(read(read(new Script()).query('UPDATE author SET name = $1')).kinds()).toEqual([
      'duplicate-query',
    ]);
  });

  it('stays silent when an attempt failed or was rolled back between', () => {
    expect(read(read(new Script()).query('ROLLBACK')).kinds()).toEqual([]);
    const failed = read(new Script()).query('INSERT INTO author (id) VALUES (1)', {
      error: { type: 'E', code: '40001', message: '' },
    });
    expect(read(failed).kinds()).toEqual(['failing-query']);
  });

  it('stays silent for two reads 100 ms apart, and not for 99', () => {
    expect(read(read(new Script()), { afterMs: 100 }).kinds()).toEqual([]);
    expect(read(read(new Script()), { afterMs: 99 }).kinds()).toEqual(['duplicate-query']);
  });

  it('stays silent for polling, several reads with shorter waits', () => {
    const script = new Script();
    times(4, () => read(script, { afterMs: 10 }));
    expect(script.kinds()).toEqual([]);
  });

  it('is not confused by one wait in a loop', () => {
    const script = new Script();
    times(10, (n) => read(script, { afterMs: n === 5 ? 200 : 0 }));
    expect(script.findings()).toMatchObject([{ kind: 'duplicate-query', cost: { statements: 10 } }]);
  });

  it('stays silent for statements without a table, and for failed ones', () => {
    const script = new Script();
    times(3, () => script.query('SELECT 1', { rows: [{ one: 1 }] }));
    expect(script.kinds()).toEqual([]);
    const failing = new Script();
    times(2, () => read(failing, { error: { type: 'E', code: '42P01', message: '' } }));
    expect(failing.kinds()).toEqual(['failing-query']);
  });

  it('stays silent for what save reads', () => {
    const script = new Script();
    times(3, () => script.save('Setting', 1, (within) => read(within)));
    expect(script.kinds()).toEqual([]);
  });

  it('says to count once', () => {
    const script = new Script();
    times(2, () => script.query('SELECT COUNT(*) FROM author', { rows: [{ count: 3 }] }));
    expect(script.findings()).toMatchObject([{ advice: { text: expect.stringContaining('Count once') } }]);
  });
});

describe('double-load', () => {
  const books = [join({ entity: 'Author', relation: 'books', parents: 3, children: 6 })];

  it('fires for a joined relation that is read again, and wins over n-plus-one', () => {
    const script = new Script();
    const batch = script.entities('Author', rows(3), { of: { joins: books } });
    times(3, (n) => script.relation('Author.books', batch, rows(2), { values: [n] }));
    expect(script.kinds()).toEqual(['double-load Author.books']);
  });

  it("fires for TypeORM's own second statement, with the change that avoids it", () => {
    const script = new Script();
    const eager = [join({ ...(books[0] ?? { entity: '', relation: '' }), isEager: true })];
    const batch = script.entities('Author', rows(3), { of: { joins: eager, relationLoadStrategy: 'query' } });
    script.relation('Author.books', batch, rows(6), { of: { how: 'query', parents: 3 } });
    expect(script.findings()).toMatchObject([
      { kind: 'double-load', advice: { code: '// without relations: { books: true }' } },
    ]);
  });

  it('stays silent for a lookup of some of the rows, which a loop over is n-plus-one', () => {
    const script = new Script();
    script.entities('Author', rows(3), { of: { joins: books } });
    times(3, (n) =>
      script.query('SELECT * FROM book WHERE "authorId" = $1 AND title = $2', {
        values: [n, 'best'],
        at: 'src/loop.ts:20:9',
        rows: rows(1),
      }),
    );
    const findings = script.findings();
    expect(findings).toMatchObject([{ kind: 'n-plus-one', relation: 'Author.books' }]);
    expect(findings[0]?.advice.code).toBe(
      'bookRepository.find({ where: { authorId: In(ids) /* and the further conditions */ } })',
    );
  });

  it('stays silent for one load, and when the table was written between', () => {
    const one = new Script();
    one.entities('Author', rows(3), { of: { joins: books } });
    expect(one.kinds()).toEqual([]);
    const written = new Script();
    const batch = written.entities('Author', rows(3), { of: { joins: books } });
    written.query('INSERT INTO book (id) VALUES (1)', { transaction: 1 });
    written.relation('Author.books', batch, rows(2), {});
    expect(written.kinds()).toEqual([]);
  });
});

describe('save-in-loop', () => {
  const insert = 'INSERT INTO setting (name) VALUES ($1)';
  const inserts = (count: number, part: (n: number) => QueryPart = () => ({})): Script => {
    const script = new Script();
    times(count, (n) => script.query(insert, { values: [`name ${n}`], rowsAffected: 1, ...part(n) }));
    return script;
  };

  it('fires from five on', () => {
    expect(inserts(5).kinds()).toEqual(['save-in-loop Setting']);
  });

  it('stays silent for four', () => {
    expect(inserts(4).kinds()).toEqual([]);
  });

  it('stays silent inside of one transaction', () => {
    expect(inserts(9, () => ({ transaction: 1 })).kinds()).toEqual([]);
  });

  it('stays silent for transactions that the code began itself', () => {
    expect(inserts(9, (n) => ({ transaction: n })).kinds()).toEqual([]);
  });

  it('stays silent for several call sites, failed writes and many rows at once', () => {
    expect(inserts(9, (n) => ({ at: `src/a.ts:${n}:1` })).kinds()).toEqual([]);
    expect(inserts(9, () => ({ error: { type: 'E', message: '' } })).kinds()).toEqual(['failing-query']);
    const script = new Script();
    times(9, () => script.query('INSERT INTO setting (name) VALUES ($1), ($2)', { values: ['a', 'b'] }));
    expect(script.kinds()).toEqual([]);
  });

  it('counts the rows that were written, not how often one was', () => {
    const updates = (rows: number) => {
      const script = new Script();
      times(12, (n) =>
        script.query('UPDATE setting SET value = $1 WHERE name = $2', {
          values: [`${n} %`, `name ${n % rows}`],
          rowsAffected: 1,
        }),
      );
      return script.kinds();
    };
    expect(updates(1)).toEqual([]);
    expect(updates(4)).toEqual([]);
    expect(updates(5)).toEqual(['save-in-loop Setting']);
  });

  it('makes one finding of a save that cascades', () => {
    const script = new Script();
    times(5, (n) =>
      script.save('Author', 1, (within) => {
        within.query('INSERT INTO author (name) VALUES ($1)', { values: ['a'], transaction: n });
        within.query('INSERT INTO book (title) VALUES ($1)', { values: ['b'], transaction: n });
      }),
    );
    expect(script.kinds()).toEqual(['save-in-loop Author']);
  });

  it('stays silent for a save of a list', () => {
    const script = new Script();
    script.save('Setting', 9, (within) => {
      times(9, (n) => within.query(insert, { values: [`${n}`], transaction: n }));
    });
    expect(script.kinds()).toEqual([]);
  });
});

describe('sequential-queries', () => {
  const slow = (executeMs: readonly number[], part: (n: number) => QueryPart = () => ({})): Script => {
    const script = new Script();
    const tables = ['author', 'book', 'review', 'picture'];
    for (const [n, ms] of executeMs.entries())
      script.query(`SELECT * FROM ${tables[n]} WHERE note = $1`, {
        values: [`note ${n}`],
        executeMs: ms,
        rows: [{ id: n }],
        ...part(n),
      });
    return script;
  };

  it('fires when 100 ms could be saved', () => {
    expect(slow([100, 100]).kinds()).toEqual(['sequential-queries']);
  });

  it('stays silent for 99 ms', () => {
    expect(slow([200, 99]).kinds()).toEqual([]);
  });

  it('looks at statements from 30 ms on', () => {
    expect(slow([200, 30, 30, 40]).kinds()).toEqual(['sequential-queries']);
    expect(slow([200, 29, 29, 29]).kinds()).toEqual([]);
  });

  it('stays silent below a tenth of the unit', () => {
    expect(slow([100, 100]).findings({}, { durationMs: 1_000 })).toHaveLength(1);
    expect(slow([100, 100]).findings({}, { durationMs: 1_001 })).toEqual([]);
  });

  it('stays silent for a read of a guard and one of the handler that it let through', () => {
    expect(slow([100, 100]).findings({}, { handledFrom: 1 })).toEqual([]);
    expect(slow([100, 100]).findings({}, { handledFrom: 2 })).toHaveLength(1);
    expect(slow([100, 100]).findings({}, { handledFrom: 0 })).toHaveLength(1);
  });

  it('stays silent when a value came from the rows before', () => {
    expect(slow([100, 100], (n) => (n === 0 ? { rows: [{ note: 'note 1' }] } : {})).kinds()).toEqual([]);
  });

  it('stays silent for a loop, whose next step may hang on the last one', () => {
    const script = new Script();
    for (const page of [0, 1, 2])
      script.query(`SELECT * FROM author LIMIT 10 OFFSET ${page * 10}`, {
        executeMs: 100,
        rows: [{ id: page }],
        at: 'src/pages.ts:7:3',
      });
    expect(script.kinds()).toEqual([]);
  });

  it('fires for the same statement on two lines', () => {
    const script = new Script();
    for (const n of [7, 8])
      script.query('SELECT * FROM author WHERE note = $1', {
        values: [`note ${n}`],
        executeMs: 100,
        rows: [{ id: n }],
        at: `src/pages.ts:${n}:3`,
      });
    expect(script.kinds()).toEqual(['sequential-queries']);
  });

  it('stays silent when not all rows before are known', () => {
    expect(slow([100, 100], (n) => (n === 0 ? { rowsReturned: 500 } : {})).kinds()).toEqual([]);
  });

  it('stays silent inside of a transaction, at the same time, and around a write', () => {
    expect(slow([100, 100], () => ({ transaction: 1 })).kinds()).toEqual([]);
    expect(slow([100, 100], () => ({ startMs: 0 })).kinds()).toEqual([]);
    const script = slow([100]).query('UPDATE setting SET value = $1');
    expect(script.query('SELECT * FROM book', { executeMs: 100, rows: [] }).kinds()).toEqual([]);
  });

  it('stays silent on databases with one connection', () => {
    for (const one of [{ driver: 'better-sqlite3' }, { maxConnections: 1 }]) {
      const script = new Script({ ...library, ...one });
      for (const table of ['author', 'book'])
        script.query(`SELECT * FROM ${table}`, { executeMs: 100, rows: [] });
      expect(script.kinds()).toEqual([]);
    }
  });

  it('leaves loops to n-plus-one', () => {
    expect(loop(4, byId, () => ({ executeMs: 100 })).kinds()).toEqual(['n-plus-one Book.author']);
  });
});

describe('cartesian-product', () => {
  const product = (rawRows: number, children: number, more: Parameters<typeof join>[0][] = []): Script => {
    const script = new Script();
    const joins = [
      join({ entity: 'Book', relation: 'reviews', children }),
      join({ entity: 'Book', relation: 'pictures', children }),
      ...more.map((one) => join(one)),
    ];
    script.entities('Book', rows(3), { of: { joins, rawRows, entities: 3 } });
    return script;
  };

  it('fires at ten rows for each entity and three times the rows of separate statements', () => {
    // Separate: 3 books + 2 x children.
    expect(product(30, 3).kinds()).toEqual(['cartesian-product Book.reviews']);
    expect(product(29, 3).kinds()).toEqual([]);
    expect(product(33, 4).kinds()).toEqual(['cartesian-product Book.reviews']);
    expect(product(32, 4).kinds()).toEqual([]);
  });

  it('stays silent for nested joins', () => {
    const script = new Script();
    const joins = [
      join({ entity: 'Author', relation: 'books', children: 30 }),
      join({ entity: 'Book', relation: 'reviews', parentAlias: 'books', children: 90 }),
    ];
    script.entities('Author', rows(3), { of: { joins, rawRows: 900, entities: 3 } });
    expect(script.kinds()).toEqual([]);
  });

  it('stays silent for a to-one beside a to-many', () => {
    const script = new Script();
    const joins = [
      join({ entity: 'Book', relation: 'reviews', children: 90 }),
      join({ entity: 'Book', relation: 'author', isToMany: false, children: 3 }),
    ];
    script.entities('Book', rows(3), { of: { joins, rawRows: 900, entities: 3 } });
    expect(script.kinds()).toEqual([]);
  });

  it('stays silent where children were not counted', () => {
    expect(product(300, undefined as unknown as number).kinds()).toEqual([]);
  });

  it('names the path where the siblings stand below the root', () => {
    const script = new Script();
    const joins = [
      join({ entity: 'Author', relation: 'books', children: 3 }),
      join({ entity: 'Book', relation: 'reviews', parentAlias: 'books', children: 8 }),
      join({ entity: 'Book', relation: 'pictures', parentAlias: 'books', children: 8 }),
    ];
    script.entities('Author', rows(1), { of: { joins, rawRows: 64, entities: 1 } });
    expect(script.findings()[0]?.advice.code).toBe(
      "authorRepository.find({ relations: { books: { reviews: true, pictures: true } }, relationLoadStrategy: 'query' })",
    );
  });
});

describe('truncated-relation', () => {
  const limited = (rawRows: number, of: { limit?: number; offset?: number; take?: number }): Script => {
    const script = new Script();
    script.entities('Book', rows(2), {
      of: { joins: [join({ entity: 'Book', relation: 'reviews', children: 2 })], rawRows, ...of },
    });
    return script;
  };

  it('is an error where rows reach the limit', () => {
    expect(limited(5, { limit: 5 }).findings()).toMatchObject([
      { kind: 'truncated-relation', severity: 'error' },
    ]);
  });

  it('is a warning where the limit is larger', () => {
    expect(limited(4, { limit: 5 }).findings()).toMatchObject([
      { kind: 'truncated-relation', severity: 'warning' },
    ]);
  });

  it('stays silent for take, and without a to-many relation', () => {
    expect(limited(5, { take: 5 }).kinds()).toEqual([]);
    const script = new Script();
    script.entities('Book', rows(2), {
      of: { joins: [join({ entity: 'Book', relation: 'author', isToMany: false })], limit: 2 },
    });
    expect(script.kinds()).toEqual([]);
  });
});

describe('unbounded-result', () => {
  const list = (rowsReturned: number, sql = 'SELECT * FROM author', part: QueryPart = {}): Script =>
    new Script().query(sql, { rows: rows(3), rowsReturned, ...part });

  it('fires from 1,000 rows on', () => {
    expect(list(1_000).kinds()).toEqual(['unbounded-result author']);
  });

  it('stays silent for 999', () => {
    expect(list(999).kinds()).toEqual([]);
  });

  it('says how to page in the form of the call', () => {
    const codeOf = (isFind: boolean) => {
      const script = new Script();
      script.entities('Author', rows(3), {
        sql: 'SELECT * FROM author writer',
        rowsReturned: 1_000,
        of: { isFind },
      });
      return script.findings()[0]?.advice.code;
    };
    expect(codeOf(true)).toBe("authorRepository.find({ order: { id: 'ASC' }, take: 100, skip: page * 100 })");
    expect(codeOf(false)).toBe(".addOrderBy('writer.id').take(100).skip(page * 100)");
  });

  it('stays silent for a limit, for groups, for lists of keys and for streams', () => {
    expect(list(5_000, 'SELECT * FROM author LIMIT 5000').kinds()).toEqual([]);
    expect(list(5_000, 'SELECT name, COUNT(*) FROM author GROUP BY name').kinds()).toEqual([]);
    expect(list(5_000, 'SELECT * FROM author WHERE id IN ($1, $2)', { values: [1, 2] }).kinds()).toEqual([]);
    expect(list(5_000, 'SELECT * FROM author', { via: 'stream' }).kinds()).toEqual([]);
  });
});

describe('failing-query', () => {
  const error = { type: 'error', code: '23505', message: 'secret' };
  const insert = 'INSERT INTO setting (name) VALUES ($1)';

  it('fires for one, by code, without its message', () => {
    const [finding] = new Script().query(insert, { error }).findings();
    expect(finding).toMatchObject({
      kind: 'failing-query',
      severity: 'error',
      title: expect.stringContaining('23505'),
    });
    expect(JSON.stringify(finding)).not.toContain('secret');
  });

  it('stays silent for a statement that worked when it was tried again', () => {
    expect(new Script().query(insert, { error }).query(insert).kinds()).toEqual([]);
  });

  it('leaves out what failed only because the transaction had failed', () => {
    const script = new Script()
      .query(insert, { error })
      .query('SELECT * FROM author', { error: { ...error, code: '25P02' } });
    expect(script.findings()).toMatchObject([{ cost: { statements: 1 } }]);
  });

  it.each(['bootstrap', 'background'] as const)('fires in %s, too', (kind) => {
    expect(new Script().query(insert, { error }).findings({}, { kind })).toHaveLength(1);
  });
});

describe('units', () => {
  it('are silent when nothing happened', () => {
    expect(new Script().kinds()).toEqual([]);
  });

  it('are judged without a schema as well', () => {
    const list: readonly Row[] = rows(5, (id) => ({ code: `code-${id}` }));
    const script = new Script({ ...library, entities: [] }).query('SELECT id, code FROM parts', {
      rows: list,
    });
    times(4, (n) =>
      script.query('SELECT * FROM stock WHERE code = $1', {
        values: [`code-${n}`],
        rows: [],
        at: 'src/loop.ts:1:1',
      }),
    );
    expect(script.kinds()).toEqual(['n-plus-one stock by code']);
  });
});
