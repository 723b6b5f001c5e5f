import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Script, rows } from './script.js';

/** One step of a unit: what it reads or writes, where, with which value, and what comes back. */
const step = fc.record({
  what: fc.constantFrom(
    'list',
    'lookup',
    'children',
    'lazy',
    'count',
    'insert',
    'save',
    'raw',
    'rollback',
    'nonsense',
  ),
  line: fc.integer({ min: 1, max: 4 }),
  value: fc.integer({ min: 0, max: 6 }),
  found: fc.integer({ min: 0, max: 4 }),
  waitMs: fc.constantFrom(0, 0, 0, 15, 150),
  isFailing: fc.boolean(),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function play(steps: readonly Step[]): Script {
  const script = new Script();
  let batch: number | undefined;
  for (const { what, line, value, found, waitMs, isFailing } of steps) {
    const part = {
      at: `src/a.ts:${line}:1`,
      values: [value],
      rows: rows(found, (id) => ({ authorId: value + id })),
      afterMs: waitMs,
    };
    const error = isFailing && found === 0 ? { error: { type: 'E', message: '' } } : {};
    if (what === 'list') batch = script.entities('Book', part.rows, part);
    else if (what === 'lazy') script.relation('Book.reviews', batch, part.rows, part);
    else if (what === 'save')
      script.save('Book', 1, (within) =>
        within.query('UPDATE book SET title = $1 WHERE id = $2', { ...part, transaction: value }),
      );
    else script.query(sqlOf[what], { ...part, ...error });
  }
  return script;
}

const sqlOf = {
  lookup: 'SELECT * FROM author WHERE id = $1',
  children: 'SELECT * FROM review WHERE "bookId" = $1',
  count: 'SELECT COUNT(*) FROM review WHERE "bookId" = $1',
  insert: 'INSERT INTO review (text) VALUES ($1)',
  raw: 'SELECT id AS key, "authorId" FROM book WHERE title LIKE $1',
  rollback: 'ROLLBACK',
  nonsense: 'SELEC ((( FORM',
} as const;

describe('any unit of work', () => {
  const steps = fc.array(step, { maxLength: 40 });

  it('is judged without failing, and always in the same way', () => {
    fc.assert(
      fc.property(steps, (given) => {
        const script = play(given);
        expect(script.findings()).toEqual(script.findings());
      }),
    );
  });

  it('has no more statements in its findings about loading than it sent', () => {
    fc.assert(
      fc.property(steps, (given) => {
        const script = play(given);
        const loading = new Set(['n-plus-one', 'count-per-row', 'duplicate-query', 'double-load']);
        const told = script.findings().filter(({ kind }) => loading.has(kind));
        expect(told.reduce((sum, { cost }) => sum + cost.statements, 0)).toBeLessThanOrEqual(
          script.unit().queries.length,
        );
      }),
    );
  });

  it('gives findings that are plain data and name their place', () => {
    fc.assert(
      fc.property(steps, (given) => {
        for (const finding of play(given).findings()) {
          expect(JSON.parse(JSON.stringify(finding))).toEqual(finding);
          expect(finding.callSites.length).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('has no n-plus-one below the threshold', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 3, max: 6 }), (given, minRepeats) => {
        for (const { kind, evidence } of play(given).findings({ minRepeats }))
          if (kind === 'n-plus-one') expect(evidence.facts['statements']).toBeGreaterThanOrEqual(minRepeats);
      }),
    );
  });

  it('is silent when each of its statements is another one', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1, maxLength: 8 })), (names) => {
        const script = new Script();
        for (const [index, name] of names.entries())
          script.query(`SELECT * FROM table_${index} WHERE name = $1`, {
            values: [name],
            rows: rows(2),
            at: `src/a.ts:${index}:1`,
          });
        expect(script.kinds()).toEqual([]);
      }),
    );
  });
});
