import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { unseenCall } from '../../../lib/analysis/list-call.js';
import type { LoadingStrategy } from '../../../lib/analysis/relation-load.js';
import type { JudgedRelation, RelationFinding } from '../../../lib/report/judged-relation.js';
import type { Verdict } from '../../../lib/report/report.js';
import { judgeRoute } from '../../../lib/report/verdict.js';

const THRESHOLDS = { unboundedRows: 1_000 };
const HAND_WRITTEN = 'what the finding advises';

function relation(of: Partial<JudgedRelation> = {}): JudgedRelation {
  const [entity, property] = [of.entity ?? 'Author', of.property ?? 'books'];
  return {
    relation: `${entity}.${property}`,
    strategy: 'lazy',
    entity,
    property,
    target: 'Book',
    isToMany: true,
    isCount: false,
    units: 2,
    loads: 100,
    maxLoadsPerUnit: 50,
    parents: 100,
    entities: 300,
    joinedRows: 300,
    rows: 300,
    fanOutP95: 3,
    isFirstRows: false,
    isKeyList: false,
    isFiltered: false,
    dropped: 0,
    origin: { list: unseenCall(entity), path: [], isBackReference: false },
    ...of,
  };
}

function found(
  kind: RelationFinding['kind'],
  about: string,
  facts: Record<string, string> = {},
): RelationFinding {
  return { kind, relation: about, evidence: { text: '', facts }, advice: { text: '', code: HAND_WRITTEN } };
}

const loopOf = ({ relation, strategy }: JudgedRelation): RelationFinding =>
  found('n-plus-one', relation, { strategy });

function judge(
  relations: readonly JudgedRelation[],
  findings: readonly RelationFinding[],
): readonly Verdict[] {
  return judgeRoute(relations, findings, THRESHOLDS);
}

/** Each relation in a loop. */
function judgeLoops(...relations: readonly JudgedRelation[]): readonly Verdict[] {
  return judge(relations, relations.map(loopOf));
}

describe('verdict: a relation loaded in a loop', () => {
  it('joins a small collection', () => {
    expect(judgeLoops(relation())).toMatchObject([
      {
        choice: 'join',
        code: 'authorRepository.find({ relations: { books: true } })',
        expected: { statements: 0, rows: 300 },
      },
    ]);
  });

  it.each([
    [10, 'join'],
    [10.5, 'query'],
  ])('takes a fan-out of %d to %s', (fanOutP95, choice) => {
    expect(judgeLoops(relation({ fanOutP95 }))[0]?.choice).toBe(choice);
  });

  it('joins a to-one whatever the figures', () => {
    const author = relation({ entity: 'Post', property: 'author', target: 'Author', isToMany: false });
    expect(judgeLoops(author)[0]).toMatchObject({ choice: 'join', expected: { statements: 0, rows: 100 } });
  });

  it('queries two collections of one parent, with one find for both', () => {
    const code =
      "authorRepository.find({ relations: { books: true, awards: true }, relationLoadStrategy: 'query' })";
    expect(judgeLoops(relation(), relation({ property: 'awards' }))).toMatchObject([
      { choice: 'query', code, expected: { statements: 4, rows: 600 } },
      { choice: 'query', code },
    ]);
  });

  it('queries a collection beside one that is joined, and leaves that one alone', () => {
    const joined = relation({ property: 'awards', strategy: 'join', maxLoadsPerUnit: 1 });
    expect(judge([relation(), joined], [loopOf(relation())]).map(({ choice }) => choice)).toEqual([
      'query',
      'keep',
    ]);
  });

  it('nests what hangs on a list', () => {
    const origin = { list: unseenCall('Author'), isBackReference: false };
    const books = relation({ origin: { ...origin, path: [] } });
    const reviews = relation({ entity: 'Book', property: 'reviews', origin: { ...origin, path: ['books'] } });
    expect(judgeLoops(books, reviews).map(({ code }) => code)).toEqual([
      'authorRepository.find({ relations: { books: { reviews: true } } })',
      'authorRepository.find({ relations: { books: { reviews: true } } })',
    ]);
  });

  it('writes joins where the list came from a query builder', () => {
    const list = { ...unseenCall('Author'), isFind: false, alias: 'a' };
    const origin = { list, path: ['books'], isBackReference: false };
    expect(judgeLoops(relation({ entity: 'Book', property: 'reviews', origin }))[0]?.code).toBe(
      ".leftJoinAndSelect('a.books', 'books')\n.leftJoinAndSelect('books.reviews', 'reviews')",
    );
  });

  it('keeps what the list loads already, and its strategy', () => {
    const list = { ...unseenCall('Author'), paths: [['agent']] };
    const origin = { list, path: [], isBackReference: false };
    expect(judgeLoops(relation({ origin }))[0]).toMatchObject({
      choice: 'join',
      code: 'authorRepository.find({ relations: { agent: true, books: true } })',
    });
    const byQuery = { ...origin, list: { ...list, isByQuery: true, isOne: true } };
    expect(judgeLoops(relation({ origin: byQuery }))[0]).toMatchObject({
      choice: 'query',
      code: "authorRepository.findOne({ where: ..., relations: { agent: true, books: true }, relationLoadStrategy: 'query' })",
    });
  });

  it.each<[Partial<JudgedRelation>, string]>([
    [{ fieldPath: 'authors.books' }, 'batch'],
    [{ isKeyList: true }, 'batch'],
    [{ isFirstRows: true, strategy: 'manual' }, 'batch'],
    [{ relation: 'Author by id', strategy: 'by-id', entity: undefined, property: undefined }, 'batch'],
    [{ relation: 'Category tree' }, 'batch'],
    [{ isFiltered: true }, 'batch'],
    [{ origin: { path: [], isBackReference: false } }, 'batch'],
    [{ fanOutP95: 1_000 }, 'paginate'],
    [{ isToMany: false, origin: { path: [], isBackReference: true } }, 'drop'],
  ])('takes %j to %s, with the code of the finding', (of, choice) => {
    const judged = { ...relation(), ...of };
    expect(judgeLoops(judged)[0]).toMatchObject({ choice, code: HAND_WRITTEN });
  });
});

describe('verdict: other grounds', () => {
  it('counts where rows were counted one by one, and reads on where they were read', () => {
    const counts = relation({ strategy: 'manual', isCount: true });
    const reads = relation({ strategy: 'query' });
    const verdicts = judge([counts, reads], [found('count-per-row', 'Author.books')]);
    expect(verdicts).toMatchObject([
      { choice: 'count', expected: { statements: 2, rows: 100 } },
      { choice: 'keep' },
    ]);
  });

  it('takes a cartesian product apart', () => {
    const both = ['books', 'awards'].map((property) => relation({ property, strategy: 'join' }));
    const product = found('cartesian-product', 'Author.books', { relations: 'Author.books, Author.awards' });
    expect(judge(both, [product])).toMatchObject([
      {
        choice: 'query',
        code: "authorRepository.find({ relations: { books: true, awards: true }, relationLoadStrategy: 'query' })",
      },
      { choice: 'query' },
    ]);
  });

  it('does not advise another strategy where a join that only filters multiplies the rows', () => {
    const product = found('cartesian-product', 'Author.books', { relations: 'Author.books, Author.awards' });
    expect(judge([relation({ strategy: 'join' })], [product])[0]?.choice).toBe('keep');
  });

  it('drops the second load of a relation that had come with its parents', () => {
    const joined = relation({ strategy: 'join' });
    const verdicts = judge(
      [joined, relation()],
      [found('double-load', 'Author.books', { first: 'join', again: 'lazy' })],
    );
    expect(verdicts.map(({ choice }) => choice)).toEqual(['keep', 'drop']);
  });

  it('pages a collection of a thousand', () => {
    const of = { maxLoadsPerUnit: 1, units: 5, loads: 5, inverse: 'author' };
    expect(judge([relation({ ...of, fanOutP95: 1_000 })], [])[0]).toMatchObject({
      choice: 'paginate',
      code: "bookRepository.find({ where: { author: { id } }, order: { id: 'ASC' }, take: 100 })",
    });
    expect(judge([relation({ ...of, fanOutP95: 999 })], [])[0]?.choice).toBe('keep');
  });

  it.each<LoadingStrategy>([
    'lazy',
    'eager-join',
    'join',
    'query',
    'id-only',
    'relation-builder',
    'manual',
    'by-id',
  ])('keeps %s where nothing was found', (strategy) => {
    expect(judge([relation({ strategy })], [])[0]?.choice).toBe('keep');
  });

  it('cannot judge single loads of a route that exceeded the maximum, and says why', () => {
    expect(judge([relation({ dropped: 12 }), relation({ strategy: 'join', dropped: 12 })], [])).toMatchObject(
      [{ choice: 'cannot-judge', why: expect.stringContaining('12 records') }, { choice: 'keep' }],
    );
  });
});

/** A route as it would look after every verdict was followed, with the findings it would then have. */
function follow(
  relations: readonly JudgedRelation[],
  verdicts: readonly Verdict[],
): readonly JudgedRelation[] {
  const wanted = verdicts.some(({ choice }) => choice === 'query');
  return relations.flatMap((before, at) => {
    const once = { ...before, loads: before.units, maxLoadsPerUnit: 1 };
    switch (verdicts[at]?.choice) {
      case 'join':
        // One find has one strategy.
        return [{ ...once, strategy: wanted ? ('query' as const) : ('join' as const) }];
      case 'query':
        return [{ ...once, strategy: 'query' as const }];
      case 'batch':
        return [{ ...once, strategy: 'manual' as const, isFirstRows: false, isKeyList: false }];
      case 'paginate':
        // A page is a query of its own: no relation option can say it.
        return [{ ...once, strategy: 'manual' as const, fanOutP95: 100 }];
      case 'count':
      case 'drop':
        return [];
      default:
        return [before];
    }
  });
}

/** The worst that joins can do: any two collections of one parent multiply. */
function productsOf(relations: readonly JudgedRelation[]): readonly RelationFinding[] {
  const joined = relations.filter(({ strategy, isToMany }) => isToMany && strategy.endsWith('join'));
  return joined.flatMap((one) => {
    const names = joined.filter(({ entity }) => entity === one.entity).map(({ relation: name }) => name);
    return names.length < 2
      ? []
      : [found('cartesian-product', one.relation, { relations: names.join(', ') })];
  });
}

const someRelation = fc
  .record({
    entity: fc.constantFrom('Author', 'Book'),
    property: fc.constantFrom('books', 'awards', 'reviews', 'agent'),
    strategy: fc.constantFrom<LoadingStrategy>(
      'lazy',
      'join',
      'eager-join',
      'query',
      'manual',
      'by-id',
      'relation-builder',
    ),
    fanOutP95: fc.constantFrom(0, 1, 10, 11, 999, 1_000, 5_000),
    fieldPath: fc.constantFrom(undefined, undefined, 'authors.books'),
    isFirstRows: fc.boolean(),
    isKeyList: fc.boolean(),
    isFiltered: fc.boolean(),
    isCount: fc.boolean(),
    hasFinding: fc.boolean(),
  })
  .map(({ hasFinding, ...of }) => ({
    hasFinding,
    judged: relation({
      ...of,
      isToMany: of.property !== 'agent',
      isCount: of.isCount && of.strategy === 'manual',
    }),
  }));

const perParent = (strategy: LoadingStrategy): boolean => !strategy.endsWith('join') && strategy !== 'query';

describe('verdict: figures', () => {
  it('keeps the rows of a join that no longer selects, and says why a page has no figures', () => {
    const joined = relation({ strategy: 'join', rows: 40 });
    const unread = found('unused-relation', 'Author.books');
    const serving = { ...unread, evidence: { text: '', facts: { isServing: true } } };
    expect(judge([joined], [serving])[0]).toMatchObject({
      choice: 'select-columns',
      expected: { statements: 0, rows: 40 },
    });
    const cut = judge([joined], [found('truncated-relation', 'Author.books')])[0];
    expect(cut).toMatchObject({
      choice: 'paginate',
      whyNoFigures: 'How many rows were cut off is not known.',
    });
    expect(cut).not.toHaveProperty('expected');
  });

  it('has figures for every change, or says why not', () => {
    fc.assert(
      fc.property(fc.array(someRelation), (route) => {
        const relations = route.map(({ judged }) => judged);
        for (const { choice, expected, whyNoFigures } of judge(relations, relations.map(loopOf)))
          expect(expected !== undefined || whyNoFigures !== undefined).toBe(choice !== 'keep');
      }),
    );
  });
});

describe('verdict: laws', () => {
  it('says keep to whatever its own advice made', () => {
    const key = ({ judged }: { judged: JudgedRelation }): string =>
      `${judged.relation} ${judged.strategy} ${judged.isCount}`;
    fc.assert(
      fc.property(fc.uniqueArray(someRelation, { selector: key, maxLength: 8 }), (route) => {
        const relations = route.map(({ judged }) => judged);
        const loops = route
          .filter(({ hasFinding, judged }) => hasFinding && perParent(judged.strategy))
          .map(({ judged }) => (judged.isCount ? found('count-per-row', judged.relation) : loopOf(judged)));
        const products = productsOf(relations);
        const before = judge(relations, [...loops, ...products]);
        const after = follow(relations, before);
        const left = productsOf(after);
        const choices = judge(after, left).map(({ choice }) => choice);
        expect(choices.filter((choice) => choice !== 'keep')).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('gives one verdict for each relation, with words', () => {
    fc.assert(
      fc.property(fc.array(someRelation), (route) => {
        const relations = route.map(({ judged }) => judged);
        const verdicts = judge(relations, relations.map(loopOf));
        expect(verdicts).toHaveLength(relations.length);
        for (const { why } of verdicts) expect(why).toMatch(/^[A-Z].*\.$/);
      }),
    );
  });
});

describe('an advice that was tried and did not help', () => {
  it('becomes no verdict', () => {
    const whyNot = 'It was tried and did not help.';
    const withdrawn = { ...found('n-plus-one', 'Author.books', { strategy: 'lazy' }), whyNot };
    expect(judgeRoute([relation()], [withdrawn], THRESHOLDS)).toEqual([{ choice: 'keep', why: whyNot }]);
  });

  describe('that was measured', () => {
    const verified = { rung: 'measured', before: '', after: '', how: '' } as const;
    const advised = (kind: RelationFinding['kind'], advice: RelationFinding['advice'], facts = {}) => ({
      ...found(kind, 'Author.books', facts),
      advice: { ...advice, verified },
    });

    it('follows another form that helps', () => {
      const finding = advised(
        'n-plus-one',
        { text: 'Beside.', code: 'findBy()', choice: 'batch' },
        { strategy: 'lazy' },
      );
      expect(judge([relation()], [finding])).toEqual([
        { choice: 'batch', why: 'Beside.', code: 'findBy()', expected: { statements: 2, rows: 300 } },
      ]);
    });

    it('stays as the whole route wants it where the form is the advised one', () => {
      const finding = advised(
        'n-plus-one',
        { text: '', code: 'find()', choice: 'join' },
        { strategy: 'lazy' },
      );
      expect(judge([relation({ fanOutP95: 30 })], [finding])[0]?.choice).toBe('query');
    });

    it('keeps the one join of a product that may stay', () => {
      const text = 'Take Author.awards out of the query.';
      const relations = 'Author.books, Author.awards';
      const finding = advised('cartesian-product', { text, choice: 'batch' }, { relations });
      const joined = { strategy: 'join' } as const;
      const verdicts = judge([relation(joined), relation({ ...joined, property: 'awards' })], [finding]);
      expect(verdicts.map(({ choice }) => choice)).toEqual(['keep', 'batch']);
    });
  });
});
