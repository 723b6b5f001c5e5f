import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MoreThan, type DataSource, type Repository } from 'typeorm';
import { describeOn } from '../../databases.js';
import { insertLibrary } from './library-rows.js';
import { Author, Book, Club, libraryEntities, Review } from './library.entities.js';
import { WatchedUnits } from './watched-units.js';

/** Scenarios 6 and 7 of the rulings, and what they leave open. */
describe('unused-relation', () => {
  describeOn(['sqljs', 'pglite', 'postgres'], (database) => {
    let dataSource: DataSource;
    let units: WatchedUnits;
    let books: Repository<Book>;

    beforeAll(async () => {
      dataSource = await database.open({ entities: libraryEntities });
      await insertLibrary(dataSource);
      units = new WatchedUnits(dataSource);
      books = dataSource.getRepository(Book);
    });
    afterAll(() => {
      expect(units.failures).toEqual([]);
      units.stop();
    });

    const titles = (list: readonly Book[]) => list.map(({ title }) => title);

    describe.each(['join', 'query'] as const)('6: loaded by %s, only titles read', (relationLoadStrategy) => {
      const list = () => books.find({ relations: { reviews: true }, relationLoadStrategy });

      it('fires after 20 loads', async () => {
        const { findings, strategies } = await units.repeat(20, async () => titles(await list()));
        const [found] = findings.filter(({ kind }) => kind === 'unused-relation');
        expect(found).toMatchObject({
          relation: 'Book.reviews',
          evidence: { facts: { loads: 20, read: 0, path: 'reviews', strategy: relationLoadStrategy } },
          advice: { text: 'Take reviews out of relations.', code: '// without relations: { reviews: true }' },
        });
        expect(found?.title).toBe('Book.reviews is loaded for nothing: read in 0 of 20 loads');
        expect(found?.callSites[0]?.file).toContain('unused-relation.spec.ts');
        expect(strategies).toEqual([
          expect.objectContaining({
            relation: 'Book.reviews',
            read: { loads: 20, read: 0, sentToClient: 0, copied: 0 },
            verdict: expect.objectContaining({ choice: 'drop' }),
          }),
        ]);
      });

      it('stays silent after 19 loads', async () => {
        const { said, strategies } = await units.repeat(19, async () => titles(await list()));
        expect(said).toEqual([]);
        expect(strategies.map(({ verdict }) => verdict.choice)).toEqual(['keep']);
      });

      it('fires at the threshold that was asked for', async () => {
        const { said } = await units.repeat(2, async () => titles(await list()), { minSampledLoads: 2 });
        expect(said).toContain('unused-relation Book.reviews');
      });

      it('stays silent when one of 30 loads read one row of it', async () => {
        const { said, strategies } = await units.repeat(30, async (time) => {
          const found = await list();
          return time === 7 ? found.at(-1)?.reviews.length : titles(found);
        });
        expect(said).not.toContain('unused-relation Book.reviews');
        expect(strategies[0]?.read).toEqual({ loads: 30, read: 1, sentToClient: 0, copied: 0 });
      });

      it('stays silent when all is copied as JSON', async () => {
        const { said, strategies } = await units.repeat(20, async () => JSON.stringify(await list()));
        expect(said).toEqual([]);
        expect(strategies[0]?.read).toEqual({ loads: 20, read: 0, sentToClient: 0, copied: 20 });
      });

      it.each(['spread', 'structuredClone', 'console.log'])('stays silent after %s', async (how) => {
        const copies: Record<string, (book: Book) => unknown> = {
          spread: (book) => ({ ...book }),
          structuredClone: (book) => structuredClone(book),
          'console.log': (book) => inspect(book),
        };
        const { said } = await units.repeat(20, async () =>
          (await list()).map((book) => copies[how]?.(book)),
        );
        expect(said).not.toContain('unused-relation Book.reviews');
      });

      it('stays silent when an entity is saved afterwards', async () => {
        const { said } = await units.repeat(20, async () => {
          const [book] = await list();
          await books.save(book as Book);
        });
        expect(said).toEqual([]);
      });
    });

    it('6: stays silent without child rows', async () => {
      const { said } = await units.repeat(20, async () =>
        titles(
          await books.find({ where: { reviews: { id: MoreThan(1_000_000) } }, relations: { author: true } }),
        ),
      );
      expect(said).toEqual([]);
      const none = await units.repeat(20, async () => {
        const [author] = await dataSource
          .getRepository(Author)
          .find({ relations: { books: { reviews: true } } });
        return author?.id;
      });
      expect(none.said).toContain('unused-relation Author.books');
    });

    it('6: a relation in WHERE of a find is no finding; selecting it is advised against', async () => {
      const { said, strategies } = await units.repeat(20, async () =>
        titles(
          await books.find({ where: { reviews: { stars: MoreThan(4) } }, relations: { reviews: true } }),
        ),
      );
      expect(said).not.toContain('unused-relation Book.reviews');
      expect(strategies[0]?.verdict).toMatchObject({
        choice: 'select-columns',
        code: '// without relations: { reviews: true }',
      });
    });

    it.each(['where', 'order'])(
      '6: a join that serves %s of a query builder: leftJoin is advised',
      async (what) => {
        const { said, strategies } = await units.repeat(20, async () => {
          const query = books.createQueryBuilder('book').leftJoinAndSelect('book.reviews', 'review');
          if (what === 'where') query.where('review.stars > :stars', { stars: 4 });
          else query.orderBy('review.stars');
          return titles(await query.getMany());
        });
        expect(said).not.toContain('unused-relation Book.reviews');
        expect(strategies[0]?.verdict).toMatchObject({
          choice: 'select-columns',
          code: ".leftJoin('book.reviews', 'review')",
        });
      },
    );

    it('6: a join that a filtering one is joined to serves as well', async () => {
      const { said, strategies } = await units.repeat(20, async () => {
        const query = books
          .createQueryBuilder('book')
          .leftJoinAndSelect('book.reviews', 'review')
          .leftJoin('review.critic', 'critic')
          .where('critic.id > :id', { id: 0 });
        return titles(await query.getMany());
      });
      expect(said).not.toContain('unused-relation Book.reviews');
      expect(strategies.find(({ relation }) => relation === 'Book.reviews')?.verdict).toMatchObject({
        choice: 'select-columns',
        code: ".leftJoin('book.reviews', 'review')",
      });
    });

    it('6: an inner join with a condition filters, find options or not', async () => {
      const { said, strategies } = await units.repeat(20, async () => {
        const query = books
          .createQueryBuilder('book')
          .setFindOptions({ relations: { author: true } })
          .innerJoinAndSelect('book.reviews', 'review', 'review.stars > :stars', { stars: 4 });
        return titles(await query.getMany());
      });
      expect(said).not.toContain('unused-relation Book.reviews');
      expect(strategies.find(({ relation }) => relation === 'Book.reviews')?.verdict).toMatchObject({
        choice: 'select-columns',
        code: ".innerJoin('book.reviews', 'review')",
      });
    });

    it('6: stays silent for a join that is not selected', async () => {
      const { said } = await units.repeat(20, async () =>
        titles(
          await books
            .createQueryBuilder('book')
            .leftJoin('book.reviews', 'review')
            .where('review.stars > 4')
            .getMany(),
        ),
      );
      expect(said.filter((one) => one.startsWith('unused-relation'))).toEqual([]);
    });

    it('fires for a join of a query builder, with its own words', async () => {
      const { findings } = await units.repeat(20, async () =>
        titles(await books.createQueryBuilder('book').leftJoinAndSelect('book.reviews', 'review').getMany()),
      );
      expect(findings.find(({ kind }) => kind === 'unused-relation')?.advice.code).toBe(
        "// without .leftJoinAndSelect('book.reviews', 'review')",
      );
    });

    describe.each(['join', 'query'] as const)('7: two nested relations by %s', (relationLoadStrategy) => {
      const list = () => books.find({ relations: { reviews: { critic: true } }, relationLoadStrategy });

      it('only the first read: fires for the second only', async () => {
        const { said, findings } = await units.repeat(20, async () =>
          (await list()).map(({ reviews }) => reviews.map(({ stars }) => stars)),
        );
        expect(said.filter((one) => one.startsWith('unused-relation'))).toEqual([
          'unused-relation Review.critic',
        ]);
        expect(findings.find(({ kind }) => kind === 'unused-relation')?.advice.code).toBe(
          'relations: { reviews: true }',
        );
      });

      it('neither read: the shallowest once', async () => {
        const { said } = await units.repeat(20, async () => titles(await list()));
        expect(said.filter((one) => one.startsWith('unused-relation'))).toEqual([
          'unused-relation Book.reviews',
        ]);
      });

      it('both read: silent', async () => {
        const { said } = await units.repeat(20, async () =>
          (await list()).map(({ reviews }) => reviews.map(({ critic }) => critic.name.last)),
        );
        expect(said.filter((one) => one.startsWith('unused-relation'))).toEqual([]);
      });
    });

    it('of two relations only the unread one is named', async () => {
      const { findings } = await units.repeat(20, async () => {
        const list = await books.find({ relations: { author: true, reviews: true } });
        return list.map(({ author }) => author.name.first);
      });
      const [found, ...others] = findings.filter(({ kind }) => kind === 'unused-relation');
      expect(others).toEqual([]);
      expect(found).toMatchObject({
        relation: 'Book.reviews',
        advice: { code: 'relations: { author: true }' },
      });
    });

    it('a shared place is silent as long as one of its routes reads the relation', async () => {
      const shared = () => books.find({ relations: { reviews: true } });
      const { said } = await units.repeat(40, async (time) => {
        const list = await shared();
        return time % 2 === 0 ? titles(list) : list.map(({ reviews }) => reviews.length);
      });
      expect(said).not.toContain('unused-relation Book.reviews');
    });

    describe('lazy relations that were joined', () => {
      const clubs = () => dataSource.getRepository(Club).find({ relations: { members: true } });

      it('fire when nobody awaits them', async () => {
        const { said } = await units.repeat(20, async () => (await clubs()).map(({ name }) => name));
        expect(said).toContain('unused-relation Club.members');
      });

      it('stay silent when they are awaited', async () => {
        const { said } = await units.repeat(20, async () => {
          const [club] = await clubs();
          return (await club?.members)?.length;
        });
        expect(said).not.toContain('unused-relation Club.members');
      });
    });

    it('what is loaded twice is a double-load and no unused relation', async () => {
      const { said } = await units.repeat(20, async () => {
        for (const book of await books.find({ relations: { reviews: true } }))
          await dataSource.getRepository(Review).findBy({ bookId: book.id });
      });
      expect(said).not.toContain('unused-relation Book.reviews');
    });

    it('one unit of work never is enough', async () => {
      const { said } = await units.repeat(1, async () => {
        for (let time = 0; time < 30; time++) titles(await books.find({ relations: { reviews: true } }));
      });
      expect(said).toEqual([]);
    });
  });
});
