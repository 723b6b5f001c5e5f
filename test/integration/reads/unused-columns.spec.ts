import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource, FindOptionsSelect, Repository } from 'typeorm';
import { describeOn } from '../../databases.js';
import { insertLibrary } from './library-rows.js';
import { Author, Book, libraryEntities } from './library.entities.js';
import { WatchedUnits } from './watched-units.js';

describe('unused-columns', () => {
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

    it('fires with the select to paste, which keeps keys and what was read', async () => {
      const { findings } = await units.repeat(20, async () => titles(await books.find()));
      expect(findings).toEqual([
        expect.objectContaining({
          kind: 'unused-columns',
          relation: 'Book',
          title: 'Book.text and Book.topics are loaded for nothing: read in 0 of 20 loads',
          advice: {
            text: 'Select the columns that are read; keys always come along.',
            code: 'select: { id: true, title: true, authorId: true }',
          },
        }),
      ]);
      const [{ evidence }] = findings as [(typeof findings)[0]];
      expect(evidence.facts).toMatchObject({ loads: 20, read: 0, columns: 'Book.text, Book.topics' });
      expect(evidence.facts['bytes']).toBeGreaterThan(2_000);
    });

    it('has nothing to say once the select was pasted', async () => {
      const select: FindOptionsSelect<Book> = { id: true, title: true, authorId: true };
      const { said } = await units.repeat(20, async () => titles(await books.find({ select })));
      expect(said).toEqual([]);
    });

    it('speaks of the columns of a relation that is read', async () => {
      const select = { id: true, title: true, authorId: true, author: { id: true, name: { last: true } } };
      const { findings } = await units.repeat(20, async () => {
        const list = await books.find({ relations: { author: true } });
        return list.map(({ title, author }) => `${title} ${author.id}`);
      });
      expect(findings.map(({ advice }) => advice.code)).toEqual([
        'select: { id: true, title: true, authorId: true, author: { id: true } }',
      ]);
      const [book] = await books.find({ relations: { author: true }, select });
      expect(book?.author.name).toEqual({ last: 'Byron' });
    });

    it('takes an embedded object as one column', async () => {
      const { findings } = await units.repeat(20, async () => {
        const list = await books.find({ relations: { author: true } });
        return list.map(({ author }) => author.name.last);
      });
      expect(findings.map(({ advice }) => advice.code)).toEqual(['select: { id: true, authorId: true }']);
    });

    it('writes the select of a query builder', async () => {
      const { findings } = await units.repeat(20, async () => {
        const query = books.createQueryBuilder('b').leftJoinAndSelect('b.author', 'a');
        return (await query.getMany()).map(({ title, author }) => `${title} ${author.name.first}`);
      });
      expect(findings.map(({ advice }) => advice.code)).toEqual([
        ".select(['b.id', 'b.title', 'b.authorId', 'a'])",
      ]);
    });

    it('keeps what the list is sorted by', async () => {
      const { findings } = await units.repeat(20, async () =>
        titles(await books.find({ order: { topics: 'ASC' }, take: 2 })),
      );
      expect(findings.map(({ advice }) => advice.code)).toEqual([
        'select: { id: true, title: true, topics: true, authorId: true }',
      ]);
    });

    it.each([
      [
        'one load read the column',
        (list: Book[], time: number) => (time === 3 ? list[1]?.text : titles(list)),
      ],
      ['the response carries it', (list: Book[]) => JSON.stringify(list)],
      ['the entity is copied', (list: Book[]) => list.map((book) => ({ ...book }))],
      ['the entity is saved afterwards', (list: Book[]) => books.save(list)],
    ])('stays silent when %s', async (_, use) => {
      const { findings } = await units.repeat(20, async (time) => use(await books.find(), time));
      expect(findings.flatMap(({ evidence }) => String(evidence.facts['columns']))).not.toContain(
        'Book.text',
      );
      expect(findings.map(({ title }) => title).join()).not.toContain('Book.text');
    });

    it('stays silent about what weighs little', async () => {
      const { said } = await units.repeat(20, async () => {
        const [author] = await dataSource.getRepository(Author).find();
        return author?.id;
      });
      expect(said).toEqual([]);
    });

    it.each([
      ['exactly at', 0, ['unused-columns Book']],
      ['just below', 1, []],
    ])('%s the threshold of bytes', async (_, more, expected) => {
      const work = async () => titles(await books.find());
      const bytes = Number((await units.repeat(20, work)).findings[0]?.evidence.facts['bytes']);
      expect((await units.repeat(20, work, { unusedColumnBytes: bytes + more })).said).toEqual(expected);
    });
  });
});
