import { describe, expect, it } from '@jest/globals';
import { createAnalyser } from '../../../lib/analysis/analyse.js';
import { DEFAULT_THRESHOLDS } from '../../../lib/analysis/thresholds.js';
import type { UnitOfWork } from '../../../lib/record/unit-of-work.js';
import { library } from './schema.js';
import { rows, Script } from './script.js';

const schemas = new Map([['default', library]]);

/** Shapes of large units, by the number of their statements. */
const shapes: Readonly<Record<string, (count: number) => Script>> = {
  'lookups by id': (count) => {
    const script = new Script();
    script.entities(
      'Book',
      rows(100, (id) => ({ authorId: id })),
      { of: { entities: count } },
    );
    for (let n = 1; n <= count; n++)
      script.query('SELECT id, name FROM author WHERE id = $1', {
        values: [n],
        rows: [{ id: n, name: 'same' }],
        at: n < 40 ? 'a.ts:1:1' : null,
      });
    return script;
  },
  'lookups of children at the same time': (count) => {
    const script = new Script();
    script.entities('Author', rows(100), { of: { entities: count } });
    for (let n = 1; n <= count; n++)
      script.query('SELECT * FROM book WHERE "authorId" = $1', {
        values: [n],
        rows: rows(2, () => ({ authorId: n })),
        startMs: 5,
        at: 'a.ts:1:1',
      });
    return script;
  },
  'a lazy relation': (count) => {
    const script = new Script();
    const batch = script.entities('Author', rows(100), { of: { entities: count } });
    for (let n = 0; n < count; n++) script.relation('Author.books', batch, rows(2), { values: [n] });
    return script;
  },
  'many small lists': (count) => {
    const script = new Script();
    for (let n = 0; n < count; n++)
      script.entities('Author', rows(3), { values: [n], sql: 'SELECT id FROM author WHERE id > $1' });
    return script;
  },
  'pairs of equal reads': (count) => {
    const script = new Script();
    for (let n = 0; n < count; n++)
      script.query('SELECT * FROM setting WHERE name = $1', {
        values: [`name ${n % (count / 2)}`],
        rows: [],
      });
    return script;
  },
  'saves in a loop': (count) => {
    const script = new Script();
    for (let n = 0; n < count; n++)
      script.save('Setting', 1, (within) =>
        within.query('UPDATE setting SET name = $1 WHERE id = $2', { values: ['x', n], transaction: n }),
      );
    return script;
  },
};

/** Least CPU time of several runs, so that what else the machine does counts little. */
function costOf(unit: UnitOfWork): number {
  const analyse = createAnalyser();
  let least = Infinity;
  for (let run = 0; run < 5; run++) {
    const before = process.cpuUsage();
    analyse(unit, schemas, DEFAULT_THRESHOLDS);
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, user + system);
  }
  return least;
}

describe('the cost of analysis', () => {
  it.each(Object.entries(shapes))('grows with the number of statements: %s', (_, shape) => {
    costOf(shape(400).unit());
    const [small, large] = [costOf(shape(400).unit()), costOf(shape(4_000).unit())];
    // Ten times the statements: linear is 10, quadratic is 100.
    expect(large / Math.max(small, 1_000)).toBeLessThan(45);
  });
});
