import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareLoads } from '../../../lib/investigation/loading/compare-loads.js';
import type { FormFigures, FormRun, SortKey } from '../../../lib/investigation/loading/form-run.js';
import { judgeTrial } from '../../../lib/investigation/loading/judge-trial.js';
import type { LoadedEntity } from '../../../lib/investigation/loading/loaded-entity.js';
import type { Aim, LoadingTrial } from '../../../lib/investigation/loading/loading-trial.js';
import { sameValue } from '../../../lib/investigation/loading/same-value.js';
import { parseStatement } from '../../../lib/sql/parse-statement.js';

interface Values {
  readonly [property: string]: unknown;
}

function entity(
  name: string,
  values: Values,
  relations: Readonly<Record<string, readonly LoadedEntity[]>> = {},
): LoadedEntity {
  return {
    id: `${name} ${String(values['id'])}`,
    entity: name,
    values: new Map(Object.entries(values)),
    relations: new Map(Object.entries(relations)),
  };
}

const book = (id: number, values: Values = {}) => entity('Book', { id, title: `Book ${id}`, ...values });
const author = (id: number, books?: readonly LoadedEntity[], values: Values = {}) =>
  entity('Author', { id, ...values }, books === undefined ? {} : { books });

const STATEMENT = 'SELECT "Author"."id" FROM "author" "Author" WHERE "Author"."id" IN (?)';
const FIGURES: FormFigures = { statements: 1, rows: 10, values: 20, ms: 1 };

function run(roots: readonly LoadedEntity[], more: Partial<FormRun> = {}): FormRun {
  return { figures: FIGURES, firstStatement: STATEMENT, roots, calls: [], sortedBy: [], ...more };
}

const SAME = { path: ['books'], isWithout: false };

function differs(today: FormRun, advised: FormRun, trial = SAME): string | undefined {
  const comparison = compareLoads(today, advised, trial);
  return comparison.kind === 'different' ? comparison.difference : undefined;
}

describe('two forms of a load are compared', () => {
  it('by class, key, columns and relations, in any order', () => {
    const today = run([author(1, [book(1), book(2)]), author(2, [])]);
    const advised = run([author(2, []), author(1, [book(2), book(1)])]);
    expect(compareLoads(today, advised, SAME)).toEqual({ kind: 'same', entities: 4 });
  });

  it.each<[string, LoadedEntity[], LoadedEntity[]]>([
    ['1 instead of 2 Author', [author(1), author(2)], [author(1)]],
    ['other Author', [author(1)], [author(2)]],
    ['another value of Book.title', [author(1, [book(1)])], [author(1, [book(1, { title: 'Other' })])]],
    ['1 instead of 0 Book', [author(1, [])], [author(1, [book(1)])]],
    ['no Author.books', [author(1, [])], [author(1)]],
  ])('and say: %s', (difference, today, advised) => {
    expect(differs(run(today), run(advised))).toBe(difference);
  });

  it('without minding what the advised form knows besides', () => {
    const advised = author(1, [book(1, { pages: 7 })], { name: 'Joy' });
    expect(differs(run([author(1)]), run([advised]))).toBeUndefined();
  });

  it('without the relation that is left out on purpose', () => {
    const trial = { path: ['books'], isWithout: true };
    expect(differs(run([author(1, [book(1)])]), run([author(1)]), trial)).toBeUndefined();
  });

  it('in the order of the columns that the query sorts by, where rows that are equal in them may change places', () => {
    const sortedBy: SortKey[] = [{ path: [], property: 'name' }];
    const [a, b, c] = [
      author(1, [], { name: 'A' }),
      author(2, [], { name: 'B' }),
      author(3, [], { name: 'B' }),
    ];
    expect(differs(run([a, b, c], { sortedBy }), run([a, c, b]))).toBeUndefined();
    expect(differs(run([a, b, c], { sortedBy }), run([b, a, c]))).toBe('another order of Author');
    const byExpression: SortKey[] = [{ path: [] }];
    expect(differs(run([a, b, c], { sortedBy: byExpression }), run([a, c, b]))).toBe(
      'another order of Author',
    );
  });

  it('call by call of a loop by hand', () => {
    const advised = run([author(1, [book(1), book(2)]), author(2, [book(3)])]);
    const loop = (...calls: LoadedEntity[][]) => run([author(1), author(2)], { calls });
    expect(differs(loop([book(2), book(1)], [book(3)]), advised)).toBeUndefined();
    expect(differs(loop([book(1)], [book(3)]), advised)).toBe('other Book');
    expect(differs(loop([book(3, { title: 'Other' })]), advised)).toBe('another value of Book.title');
  });

  it('law: the same graph in another order is the same, and with one value changed it is not', () => {
    const graph = fc.uniqueArray(
      fc.record({
        id: fc.nat(50),
        books: fc.uniqueArray(fc.nat(200), { maxLength: 5 }),
        name: fc.string(),
      }),
      { selector: ({ id }) => id, minLength: 1, maxLength: 6 },
    );
    const made = (rows: readonly { id: number; books: readonly number[]; name: string }[]) =>
      rows.map(({ id, books, name }) =>
        author(
          id,
          books.map((other) => book(other)),
          { name },
        ),
      );
    fc.assert(
      fc.property(graph, fc.nat(), (rows, at) => {
        const shuffled = [...rows].reverse().map((row) => ({ ...row, books: [...row.books].reverse() }));
        expect(differs(run(made(rows)), run(made(shuffled)))).toBeUndefined();
        const changed = rows.map((row, index) =>
          index === at % rows.length ? { ...row, name: `${row.name}!` } : row,
        );
        expect(differs(run(made(rows)), run(made(changed)))).toBe('another value of Author.name');
      }),
    );
  });
});

describe('values of columns', () => {
  it.each<[unknown, unknown]>([
    [Number.NaN, Number.NaN],
    [new Date(5), new Date(5)],
    [new Date(Number.NaN), new Date(Number.NaN)],
    [Buffer.from('ab'), new Uint8Array([97, 98])],
    [{ a: [1, { b: null }] }, { a: [1, { b: null }] }],
    [new Set([1, 2]), new Set([1, 2])],
    [new Map([[1, 'a']]), new Map([[1, 'a']])],
    [10n, 10n],
  ])('are the same: %p and %p', (a, b) => {
    expect(sameValue(a, b)).toBe(true);
  });

  it.each<[unknown, unknown]>([
    [1, '1'],
    [null, undefined],
    [new Date(5), new Date(6)],
    [new Date(5), {}],
    [Buffer.from('ab'), Buffer.from('ac')],
    [{ a: 1 }, { a: 1, b: 2 }],
    [[1], { 0: 1 }],
    [new Set([1]), new Map([[1, 1]])],
  ])('are not: %p and %p', (a, b) => {
    expect(sameValue(a, b)).toBe(false);
  });

  it('are compared without running an accessor', () => {
    const trap = Object.defineProperty({}, 'a', {
      enumerable: true,
      get: () => {
        throw new Error('read');
      },
    });
    expect(sameValue(trap, {})).toBe(true);
  });
});

function trial(aim: Aim): LoadingTrial {
  const parents = { kind: 'find' } as const;
  const { fingerprint } = parseStatement(STATEMENT, 'standard');
  const form = { parents };
  return {
    dataSource: 'default',
    today: form,
    advised: form,
    fingerprint,
    dialect: 'standard',
    aim,
    ...SAME,
  };
}

const ROOTS = [author(1, [book(1), book(2)])];

function judged(aim: Aim, today: Partial<FormFigures>, advised: Partial<FormFigures>) {
  return judgeTrial(
    trial(aim),
    run(ROOTS, { figures: { ...FIGURES, ...today } }),
    run(ROOTS, { figures: { ...FIGURES, ...advised } }),
  );
}

describe('a trial', () => {
  it('confirms what saves statements', () => {
    const verification = judged('statements', { statements: 51, ms: 38 }, { statements: 2, ms: 4 });
    expect(verification).toEqual({
      kind: 'confirmed',
      verified: {
        rung: 'measured',
        before: '51 statements, 38 ms',
        after: '2 statements, 4 ms',
        how: 'same 3 entities',
        measured: {
          before: { statements: 51, rows: 10, timeMs: 38 },
          after: { statements: 2, rows: 10, timeMs: 4 },
        },
      },
    });
  });

  it('names rows and bytes where they change', () => {
    const verification = judged(
      'rows',
      { rows: 3_200, bytes: 90_000, ms: 30 },
      { statements: 3, rows: 160, bytes: 4_000, ms: 9 },
    );
    expect(verification).toMatchObject({
      verified: {
        before: '1 statement, 3,200 rows, 90 kB, 30 ms',
        after: '3 statements, 160 rows, 4 kB, 9 ms',
      },
    });
  });

  it.each<[string, Aim, Partial<FormFigures>, Partial<FormFigures>]>([
    ['no statement less', 'statements', { statements: 2 }, { statements: 2 }],
    ['far more rows', 'statements', { statements: 9, rows: 10 }, { statements: 1, rows: 31 }],
    ['clearly slower', 'statements', { statements: 9, ms: 100 }, { statements: 1, ms: 146 }],
    ['no row less', 'rows', { rows: 10 }, { rows: 10 }],
    ['not a value less', 'volume', { values: 20 }, { values: 20 }],
  ])('takes an advice back that does not help: %s', (_, aim, today, advised) => {
    expect(judged(aim, today, advised)).toMatchObject({
      kind: 'withdrawn',
      whyNot: expect.stringMatching(/^The usual advice was tried on the same data, and did not help: \d/),
    });
  });

  it('does not mind a few milliseconds', () => {
    expect(judged('statements', { statements: 3, ms: 1 }, { statements: 1, ms: 20 }).kind).toBe('confirmed');
  });

  it('takes an advice back that gives other entities', () => {
    const verification = judgeTrial(trial('statements'), run(ROOTS), run([author(1, [book(1)])]));
    expect(verification).toEqual({
      kind: 'withdrawn',
      whyNot:
        'The usual advice was tried on the same data, and did not give the same entities: 1 instead of 2 Book.',
    });
  });

  it('proves nothing where today’s form is not what was recorded, or finds nothing', () => {
    const other = run(ROOTS, { firstStatement: 'SELECT 1' });
    expect(judgeTrial(trial('statements'), other, run(ROOTS)).kind).toBe('untried');
    expect(judgeTrial(trial('statements'), run([]), run([])).kind).toBe('untried');
  });
});
