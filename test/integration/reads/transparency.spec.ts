import { format, inspect, isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { instanceToPlain } from 'class-transformer';
import lodash from 'lodash';
import type { DataSource } from 'typeorm';
import { describeOn } from '../../databases.js';
import { ObservedUnits } from '../scenarios/observed-units.js';
import { insertLibrary } from './library-rows.js';
import { Author, Book, Club, libraryEntities, Review } from './library.entities.js';

/** What application code does with entities gives the same with and without read tracking. */
describe('entities whose reads are tracked', () => {
  describeOn(['sqljs'], (database) => {
    let dataSource: DataSource;
    let units: ObservedUnits;
    const relations = { reviews: { critic: true }, author: true, shelves: true } as const;
    const load = () => dataSource.getRepository(Book).findOneOrFail({ where: { id: 1 }, relations });

    beforeAll(async () => {
      dataSource = await database.open({ entities: libraryEntities });
      await insertLibrary(dataSource);
      units = new ObservedUnits(dataSource, { trackReads: 'all' });
    });
    afterAll(() => {
      expect(units.failures).toEqual([]);
      units.stop();
    });

    /** Runs the same on a tracked entity and on a plain one. */
    async function both<T>(use: (book: Book) => T): Promise<[tracked: T, plain: T]> {
      let tracked: T | undefined;
      await units.run(async () => {
        const book = await load();
        expect(isTracked(book)).toBe(true);
        tracked = use(book);
      });
      return [tracked as T, use(await load())];
    }

    const uses: Record<string, (book: Book) => unknown> = {
      'JSON.stringify': (book) => JSON.stringify(book),
      spread: (book) => ({ ...book }),
      'Object.assign': (book) => Object.assign({ more: 1 }, book),
      structuredClone: (book) => structuredClone(book),
      'a recursive clone': (book) => deepClone(book),
      'lodash cloneDeep': (book) => lodash.cloneDeep(book),
      'lodash pick and omit': (book) => [
        lodash.pick(book, ['title', 'author.name.first']),
        lodash.omit(book, ['text', 'reviews']),
      ],
      'lodash merge': (book) => lodash.merge({ topics: ['old', 'old', 'old'] }, book),
      'lodash isEqual': (book) => [
        lodash.isEqual(book, lodash.cloneDeep(book)),
        lodash.isEqual(book, { ...book }),
        lodash.isPlainObject(book),
      ],
      'lodash get, set, has and toPairs': (book) => {
        lodash.set(book, 'author.name.last', 'Lovelace');
        return [lodash.get(book, 'reviews[0].stars'), lodash.has(book, 'nothing'), lodash.toPairs(book)];
      },
      'lodash keyBy and groupBy': ({ reviews }) => [
        lodash.keyBy(reviews, 'id'),
        lodash.groupBy(reviews, 'stars'),
      ],
      'class-transformer instanceToPlain': (book) => instanceToPlain(book),
      'Object.keys': (book) => Object.keys(book),
      'Object.entries': (book) => Object.entries(book),
      'for in': (book) => keysIn(book),
      'in and hasOwnProperty': (book) => [
        'title' in book,
        'nothing' in book,
        Object.hasOwn(book, 'reviews'),
        Object.prototype.propertyIsEnumerable.call(book, 'title'),
      ],
      'instanceof and constructor': (book) => [
        book instanceof Book,
        book.constructor === Book,
        book.reviews[0] instanceof Review,
      ],
      'private members and getters of the class': (book) => [book.label, book.label],
      'util.inspect': (book) => inspect(book, { depth: null }),
      'console.log of a nested entity': (book) => format('%s %o', book.title, [book.author]),
      'util.inspect of a cycle': (book) => {
        (book.reviews[0] as Review).book = book;
        return inspect(book, { depth: null });
      },
      'embedded columns': (book) => [book.author.name.first, JSON.stringify(book.author)],
      'column transformers': (book) => book.topics.map((topic) => topic.length),
      delete: (book) => {
        Reflect.deleteProperty(book, 'title');
        return [Object.keys(book), 'title' in book, book.title];
      },
      'delete and write again': (book) => {
        Reflect.deleteProperty(book, 'title');
        book.title = 'new';
        return Object.entries(book);
      },
      writing: (book) => {
        book.title = 'new';
        book.reviews = [];
        return JSON.stringify(book);
      },
      'Object.freeze': (book) => {
        Object.freeze(book);
        return [
          Object.isFrozen(book),
          thrown(() => (book.title = 'new')),
          JSON.stringify(book),
          inspect(book),
        ];
      },
      'Object.seal': (book) => {
        Object.seal(book);
        book.title = 'new';
        return [Object.isSealed(book), Object.isFrozen(book), inspect(book)];
      },
      'an object that inherits from it': (book) => {
        const heir = Object.create(book) as Book;
        heir.title = 'heir';
        return [heir.title, book.title, heir.text, Object.keys(heir), inspect(heir)];
      },
      'a clone by descriptors': (book) => {
        const clone = Object.create(Book.prototype, Object.getOwnPropertyDescriptors(book)) as Book;
        clone.title = 'clone';
        return [clone.title, book.title, clone.text];
      },
      defineProperty: (book) => {
        Object.defineProperty(book, 'title', { value: 'defined', enumerable: false });
        return [book.title, Object.keys(book)];
      },
      'deep equality of Node': (book) => isDeepStrictEqual(book, Object.assign(new Book(), book)),
    };

    it.each(Object.entries(uses))('give the same for %s', async (_, use) => {
      const [tracked, plain] = await both(use);
      expect(tracked).toEqual(plain);
    });

    it('are equal for Jest', async () => {
      await units.run(async () => {
        const [tracked, other] = [await load(), await load()];
        const plain = await load();
        JSON.stringify(plain);
        expect(tracked).toEqual(plain);
        expect(plain).toStrictEqual(other);
        expect(other).toStrictEqual(plain);
        expect(tracked).toMatchObject({ title: 'one' });
      });
    });

    it('are saved with what was written, and with nothing else', async () => {
      const { analysed } = await units.run(async () => {
        const book = await load();
        book.title = 'second edition';
        await dataSource.getRepository(Book).save(book);
      });
      const updates = analysed.queries.filter(({ statement }) => statement.operation === 'UPDATE');
      expect(updates.map(({ statement }) => statement.text)).toEqual([
        'UPDATE "book" SET "title" = ? WHERE "id" = ?',
      ]);
      expect((await load()).title).toBe('second edition');
      await dataSource.getRepository(Book).update(1, { title: 'one' });
    });

    it('are saved without a statement when nothing was written', async () => {
      const { analysed } = await units.run(async () => {
        await dataSource.getRepository(Book).save(await load());
      });
      expect(analysed.queries.filter(({ statement }) => statement.operation === 'UPDATE')).toEqual([]);
    });

    it('can be merged into and from', async () => {
      const [tracked, plain] = await both((book) => {
        const { manager } = dataSource;
        const merged = manager.merge(Book, manager.create(Book, { title: 'old' }), book);
        manager.merge(Book, book, { title: 'merged', reviews: [{ id: 1, stars: 1 }] });
        return [JSON.stringify(merged), JSON.stringify(book)];
      });
      expect(tracked).toEqual(plain);
    });

    it('can be removed', async () => {
      const added = await dataSource.getRepository(Author).save({ name: { first: 'A', last: 'B' } });
      await units.run(async () => {
        const author = await dataSource.getRepository(Author).findOneByOrFail({ id: added.id });
        await dataSource.getRepository(Author).remove(author);
        expect(author.id).toBeUndefined();
      });
      expect(await dataSource.getRepository(Author).countBy({ id: added.id })).toBe(0);
    });

    it.each(['joined', 'not joined'])('keep lazy relations that were %s', async (how) => {
      let seen: unknown;
      const use = async () => {
        const [club] = await dataSource
          .getRepository(Club)
          .find({ relations: { members: how === 'joined' }, order: { id: 'ASC' } });
        const before = JSON.stringify(club);
        const members = (await club?.members)?.map(({ name }) => name).sort();
        return [before, members, JSON.stringify(club), Object.keys(club ?? {}), inspect(club)];
      };
      await units.run(async () => (seen = await use()));
      expect(seen).toEqual(await use());
    });

    it('are plain again after the unit of work, with their present values and the same order of keys', async () => {
      let kept: Book | undefined;
      await units.run(async () => {
        kept = await load();
        kept.title = 'changed';
      });
      const plain = await load();
      plain.title = 'changed';
      expect(isTracked(kept as Book)).toBe(false);
      expect(Reflect.ownKeys(kept as Book)).toEqual(Reflect.ownKeys(plain));
      expect(Object.getOwnPropertyDescriptors(kept)).toEqual(Object.getOwnPropertyDescriptors(plain));
      expect(kept).toStrictEqual(plain);
    });

    it('stay as they are outside of a unit of work', async () => {
      expect(isTracked(await load())).toBe(false);
    });
  });
});

function isTracked(entity: object): boolean {
  return Object.values(Object.getOwnPropertyDescriptors(entity)).some(
    ({ get, enumerable }) => get !== undefined && enumerable === true,
  );
}

/** As lodash's cloneDeep does it: the prototype, then every own enumerable property. */
function deepClone(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(deepClone);
  const clone = Object.create(Object.getPrototypeOf(value) as object) as Record<string, unknown>;
  for (const key of Object.keys(value)) clone[key] = deepClone((value as Record<string, unknown>)[key]);
  return clone;
}

function keysIn(object: object): string[] {
  const keys: string[] = [];
  for (const key in object) keys.push(key);
  return keys;
}

function thrown(work: () => unknown): string {
  try {
    work();
    return 'nothing';
  } catch (error) {
    return String(error);
  }
}
