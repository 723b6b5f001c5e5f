import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareLoads } from '../../../lib/investigation/loading/compare-loads.js';
import type { FormFigures, FormRun, SortKey } from '../../../lib/investigation/loading/form-run.js';
import { judgeTrial } from '../../../lib/investigation/loading/judge-trial.js';
import type { LoadedEntity } from '../../../lib/investigation/loading/loaded-entity.js';
import type { Aim, LoadingTrial } from '../../../lib/investigation/loading/loading-trial.js';
import { tryCandidates, type RunTrial } from '../../../lib/investigation/loading/try-candidates.js';
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

const SAME = { path: ['books'] };
const ROOTS = [author(1, [book(1), book(2)])];

function differs(
  today: FormRun,
  advised: FormRun,
  trial: Pick<LoadingTrial, 'path' | 'leftOut'> = SAME,
): string | undefined {
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
    const trial = { path: ['books'], leftOut: { relation: ['books'] } };
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

describe('a list of keys instead of a loop', () => {
  const loop = (...calls: LoadedEntity[][]) => run([], { calls });
  const byKeys = (...found: LoadedEntity[]) => run([], { byKeys: found });
  const none = { path: [] };

  it('gives what the calls gave, in any order, the repeated ones once', () => {
    const today = loop([book(1), book(2)], [], [book(3)], [book(3)]);
    expect(compareLoads(today, byKeys(book(3), book(1), book(2)), none)).toEqual({
      kind: 'same',
      entities: 3,
    });
  });

  it.each<[string, LoadedEntity[][], LoadedEntity[]]>([
    ['no Book of one key', [[book(1)], [book(2)]], [book(1)]],
    ['3 instead of 2 Book', [[book(1)], [book(2)]], [book(1), book(2), book(3)]],
    ['another value of Book.title', [[book(1)]], [book(1, { title: 'Other' })]],
    ['one Book for several keys', [[book(1)], [book(1), book(2)]], [book(1), book(2)]],
  ])('is different: %s', (difference, calls, found) => {
    expect(differs(loop(...calls), byKeys(...found), none)).toBe(difference);
  });
});

describe('columns that are left out on purpose', () => {
  const trial = { path: [], leftOut: { columns: [['name'], ['books', 'title']] } };
  const joy = (values: Values, title?: Values) => author(1, [entity('Book', { id: 1, ...title })], values);

  it('are not compared, nor is the order by them', () => {
    const sortedBy: SortKey[] = [{ path: [], property: 'name' }];
    const today = run([joy({ name: 'Joy', 'name.first': 'J' }, { title: 'A' })], { sortedBy });
    expect(differs(today, run([joy({})]), trial)).toBeUndefined();
  });

  it('are told from those that stay', () => {
    expect(differs(run([joy({ age: 7 })]), run([joy({})]), trial)).toBe('another value of Author.age');
  });
});

describe('several forms', () => {
  const fewer = run(ROOTS, { figures: { ...FIGURES, statements: 1, ms: 0.5 } });
  const today = run(ROOTS, { figures: { ...FIGURES, statements: 9 } });
  const instead = { text: 'Load it beside.', code: 'load()', choice: 'batch' as const };
  const form = (kind: 'find' | 'builder') => ({ parents: { kind } });
  const several: LoadingTrial = {
    ...trial('statements'),
    candidates: [{ form: form('find') }, { form: form('builder'), instead }],
  };
  const running =
    (first: FormRun | Error, second: FormRun | Error): RunTrial =>
    (_, advised) => {
      const came = advised.parents?.kind === 'find' ? first : second;
      return came instanceof Error ? Promise.reject(came) : Promise.resolve({ today, advised: came });
    };

  it('are tried until one helps: the first as it is advised', async () => {
    const verification = await tryCandidates(several, running(fewer, new Error('not asked')));
    expect(verification).toMatchObject({ kind: 'confirmed' });
    expect(verification).not.toHaveProperty('instead');
  });

  it('are tried until one helps: another one, with what came of the first', async () => {
    expect(await tryCandidates(several, running(today, fewer))).toMatchObject({
      kind: 'confirmed',
      verified: { after: '1 statement, 0.5 ms' },
      instead: { ...instead, whyNot: expect.stringMatching(/did not help: 9 statements/) },
    });
  });

  it('leave nothing of the advice where none helps', async () => {
    expect(await tryCandidates(several, running(today, run([])))).toMatchObject({
      kind: 'withdrawn',
      whyNot: expect.stringMatching(/did not help: 9 statements/),
    });
  });

  it('are not tried on where the first cannot be run', async () => {
    expect(await tryCandidates(several, running(new Error('no connection'), fewer))).toEqual({
      kind: 'untried',
      whyNot: 'no connection',
    });
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
    candidates: [{ form }],
    fingerprint,
    dialect: 'standard',
    aim,
    ...SAME,
  };
}

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
    ['clearly slower', 'statements', { statements: 9, ms: 100 }, { statements: 1, ms: 225 }],
    ['no row less', 'rows', { rows: 10 }, { rows: 10 }],
    ['not a value less', 'volume', { values: 20 }, { values: 20 }],
  ])('takes an advice back that does not help: %s', (_, aim, today, advised) => {
    expect(judged(aim, today, advised)).toMatchObject({
      kind: 'withdrawn',
      whyNot: expect.stringMatching(/^The usual advice was tried on the same data, and did not help: \d/),
    });
  });

  it.each([
    ['twice the time', { statements: 9, ms: 100 }, { statements: 1, ms: 200 }],
    ['a few milliseconds', { statements: 3, ms: 1 }, { statements: 1, ms: 20 }],
    ['what the round trips cost elsewhere', { statements: 101, ms: 40 }, { statements: 1, ms: 150 }],
  ])('does not mind %s, and says what the time does not show', (_, today, advised) => {
    const saved = today.statements - advised.statements;
    expect(judged('statements', today, advised)).toMatchObject({
      kind: 'confirmed',
      verified: { how: `same 3 entities; no faster on this database, saves ${saved} round trips` },
    });
  });

  it('says nothing of round trips where it is faster, or saves none', () => {
    const same = { verified: { how: 'same 3 entities' } };
    expect(judged('statements', { statements: 9, ms: 10 }, { statements: 1, ms: 7 })).toMatchObject(same);
    expect(judged('rows', { rows: 99, ms: 10 }, { statements: 3, rows: 9, ms: 11 })).toMatchObject(same);
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
