import { setTimeout as sleep } from 'node:timers/promises';
import { MoreThan, type DataSource, type ObjectLiteral, type Repository } from 'typeorm';
import type { FindingKind } from '../../../lib/analysis/finding.js';
import { Author, Award, Book, Copy, Review, Shelf } from './library.entities.js';

/** 12 authors with 10 books and 8 awards each; 10 reviews of each book. */
export async function fillLibrary({ manager }: DataSource): Promise<void> {
  const authors = Array.from({ length: 12 }, (_, n) => ({ name: `author ${n}` }));
  const authorIds = (await manager.insert(Author, authors)).identifiers.map(({ id }) => id as number);
  const books = authorIds.flatMap((authorId) =>
    numbers(10).map((n) => ({ title: `book ${n}`, summary: 'Once upon a time. '.repeat(20), authorId })),
  );
  const bookIds = (await manager.insert(Book, books)).identifiers.map(({ id }) => id as number);
  const awards = authorIds.flatMap((authorId) => numbers(8).map((n) => ({ title: `award ${n}`, authorId })));
  await manager.insert(Award, awards);
  const reviews = bookIds.flatMap((bookId) => numbers(10).map((n) => ({ stars: n % 5, bookId })));
  await manager.insert(Review, reviews);
  const shelf = { floor: 1, no: 2, name: 'Poetry' };
  await manager.insert(Shelf, shelf);
  await manager.insert(Copy, { signature: 'P 12', shelf } as object);
}

/** The code that the pages in docs/findings show under "Code that causes it": what is said about it must be true. */
export class LibraryService {
  private readonly authors: Repository<Author>;
  private readonly books: Repository<Book>;
  private readonly reviews: Repository<Review>;
  private readonly copies: Repository<Copy>;

  constructor(private readonly dataSource: DataSource) {
    this.authors = dataSource.getRepository(Author);
    this.books = dataSource.getRepository(Book);
    this.reviews = dataSource.getRepository(Review);
    this.copies = dataSource.getRepository(Copy);
  }

  async booksOfAuthors() {
    const authors = await this.authors.find();
    return Promise.all(authors.map(async (author) => ({ name: author.name, books: await author.books })));
  }

  async bookTwice(id: number) {
    await this.assertAvailable(id);
    return this.books.findOneByOrFail({ id });
  }

  private async assertAvailable(id: number) {
    const book = await this.books.findOneByOrFail({ id });
    if (book.price === 0) throw new Error('not for sale');
  }

  async reviewsTwice() {
    const books = await this.books.find({ relations: { reviews: true }, take: 20 });
    const rated = [];
    for (const book of books) {
      const reviews = await this.reviews.findBy({ bookId: book.id });
      rated.push({ title: book.title, stars: reviews.map(({ stars }) => stars) });
    }
    return rated;
  }

  async bookCounts() {
    const counts = [];
    for (const author of await this.authors.find()) {
      counts.push({ name: author.name, books: await this.books.countBy({ authorId: author.id }) });
    }
    return counts;
  }

  async raisePrices(authorId: number) {
    const books = await this.books.findBy({ authorId });
    for (const book of books) {
      book.price += 1;
      await this.books.save(book);
    }
  }

  async dashboard() {
    const bestsellers = await this.slowly('book');
    const activeAuthors = await this.slowly('author');
    const recentReviews = await this.slowly('review');
    return { bestsellers, activeAuthors, recentReviews };
  }

  allReviews() {
    return this.reviews.find();
  }

  firstBooks() {
    return this.books
      .createQueryBuilder('book')
      .leftJoinAndSelect('book.reviews', 'review')
      .limit(20)
      .getMany();
  }

  async shelfOf(copyId: number) {
    const copy = await this.copies.findOneByOrFail({ id: copyId });
    return await copy.shelf;
  }

  authorsWithEverything() {
    return this.authors.find({ relations: { books: true, awards: true } });
  }

  async titles() {
    const books = await this.books.find({ relations: { reviews: true }, take: 20 });
    return books.map(({ title }) => title);
  }

  async prices() {
    const books = await this.books.find({ order: { price: 'ASC' }, take: 20 });
    return books.map(({ title, price }) => ({ title, price }));
  }

  async register(name: string) {
    const { identifiers } = await this.authors.insert({ name });
    return identifiers[0];
  }

  async sell(bookId: number) {
    await this.dataSource.transaction(async (manager) => {
      await manager.decrement(Book, { id: bookId }, 'price', 1);
      await this.charge();
      await manager.increment(Book, { id: bookId }, 'price', 1);
    });
  }

  async recount() {
    await this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT count(*), pg_sleep(1.05) FROM review');
      await manager.update(Book, { id: 1 }, { price: 3 });
    });
  }

  counts() {
    return Promise.all(numbers(20).map(() => this.slowly('review')));
  }

  /** Another service, far away. */
  private charge(): Promise<void> {
    return sleep(300);
  }

  /** Awaits, so that its own line is always on the stack. */
  async slowly(table: string): Promise<ObjectLiteral[]> {
    return await this.dataSource.query(`SELECT count(*), pg_sleep(0.12) FROM ${table}`);
  }
}

/** What a request does to cause each kind of finding. */
export const causes: Partial<Record<FindingKind, (service: LibraryService) => Promise<unknown>>> = {
  'n-plus-one': (service) => service.booksOfAuthors(),
  'duplicate-query': (service) => service.bookTwice(1),
  'double-load': (service) => service.reviewsTwice(),
  'count-per-row': (service) => service.bookCounts(),
  'save-in-loop': (service) => service.raisePrices(1),
  'sequential-queries': (service) => service.dashboard(),
  'unbounded-result': (service) => service.allReviews(),
  'truncated-relation': (service) => service.firstBooks(),
  'wrong-relation': (service) => service.shelfOf(1),
  'cartesian-product': (service) => service.authorsWithEverything(),
  'unused-relation': (service) => service.titles(),
  'unused-columns': (service) => service.prices(),
  'failing-query': (service) => service.register('author 1').catch(() => undefined),
  'pool-wait': (service) => service.counts(),
  'long-transaction': (service) => service.recount(),
  'idle-in-transaction': (service) => service.sell(1),
  'slow-query': (service) => service.slowly('review'),
};

/** What the pages show under "The fix". */
export const cures: Partial<Record<FindingKind, (dataSource: DataSource) => Promise<unknown>>> = {
  'n-plus-one': (dataSource) => dataSource.getRepository(Author).find({ relations: { books: true } }),
  'double-load': async (dataSource) => {
    const books = await dataSource.getRepository(Book).find({ relations: { reviews: true }, take: 20 });
    return books.map((book) => ({ title: book.title, stars: book.reviews.map(({ stars }) => stars) }));
  },
  'count-per-row': async (dataSource) => {
    const authors = await dataSource.getRepository(Author).find();
    const rows = await dataSource
      .getRepository(Book)
      .createQueryBuilder('book')
      .select('book.authorId', 'key')
      .addSelect('COUNT(*)', 'count')
      .where('book.authorId IN (:...keys)', { keys: authors.map(({ id }) => id) })
      .groupBy('book.authorId')
      .getRawMany<{ key: number; count: string }>();
    const countOf = new Map(rows.map(({ key, count }) => [key, Number(count)]));
    return authors.map(({ id, name }) => ({ name, books: countOf.get(id) ?? 0 }));
  },
  'save-in-loop': async (dataSource) => {
    const repository = dataSource.getRepository(Book);
    const books = await repository.findBy({ authorId: 1 });
    for (const book of books) book.price += 1;
    await repository.save(books);
    await repository.increment({ authorId: 1 }, 'price', 1);
  },
  'sequential-queries': (dataSource) => {
    const service = new LibraryService(dataSource);
    return Promise.all(['book', 'author', 'review'].map((table) => service.slowly(table)));
  },
  'unbounded-result': (dataSource) =>
    dataSource.getRepository(Review).find({ where: { id: MoreThan(0) }, order: { id: 'ASC' }, take: 100 }),
  'truncated-relation': (dataSource) =>
    dataSource
      .getRepository(Book)
      .createQueryBuilder('book')
      .leftJoinAndSelect('book.reviews', 'review')
      .orderBy('book.id')
      .take(20)
      .getMany(),
  'wrong-relation': (dataSource) =>
    dataSource.getRepository(Copy).findOneOrFail({ where: { id: 1 }, relations: { shelf: true } }),
  'cartesian-product': (dataSource) =>
    dataSource
      .getRepository(Author)
      .find({ relations: { books: true, awards: true }, relationLoadStrategy: 'query' }),
  'unused-relation': async (dataSource) => {
    const books = await dataSource.getRepository(Book).find({ take: 20 });
    return books.map(({ title }) => title);
  },
  'unused-columns': async (dataSource) => {
    const books = await dataSource.getRepository(Book).find({
      select: { id: true, title: true, price: true, authorId: true },
      order: { price: 'ASC' },
      take: 20,
    });
    return books.map(({ title, price }) => ({ title, price }));
  },
  'failing-query': (dataSource) =>
    dataSource
      .getRepository(Author)
      .createQueryBuilder()
      .insert()
      .values({ name: 'author 1' })
      .orIgnore()
      .execute(),
};

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n + 1);
}
