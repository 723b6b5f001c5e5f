import { CACHE_MANAGER } from '@nestjs/cache-manager';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Cache } from 'cache-manager';
import { setTimeout } from 'node:timers/promises';
import { Repository } from 'typeorm';
import { Book } from './book.entity.js';

const GENRES = ['novel', 'crime', 'poetry', 'history'];
const BOOKS = 8_000;
const BATCH = 500;
const PRICES_MS = 300;

@Injectable()
export class BooksService implements OnModuleInit {
  constructor(
    @InjectRepository(Book) private readonly books: Repository<Book>,
    @Inject(CACHE_MANAGER) private readonly cache: Cache,
  ) {}

  async onModuleInit(): Promise<void> {
    if ((await this.books.count()) > 0) return;
    const all = Array.from({ length: BOOKS }, (_, n) => ({
      title: `Book ${n}`,
      genre: GENRES[n % GENRES.length] ?? 'novel',
      sold: (n * 7_919) % 10_007,
    }));
    for (let at = 0; at < all.length; at += BATCH) await this.books.insert(all.slice(at, at + BATCH));
  }

  /** Before: the same rows for everybody, asked for every time. */
  bestsellers(): Promise<object[]> {
    return this.books
      .createQueryBuilder('book')
      .select('book.genre', 'genre')
      .addSelect('MAX(book.sold)', 'sold')
      .addSelect('COUNT(*)', 'books')
      .groupBy('book.genre')
      .orderBy('sold', 'DESC')
      .getRawMany();
  }

  /** After: asked for once a minute. */
  cachedBestsellers(): Promise<object[]> {
    return this.cache.wrap('bestsellers', () => this.bestsellers(), 60_000);
  }

  /** A page that takes its time: prices come from another service. */
  async shopWindow(): Promise<object[]> {
    const books = await this.bestsellers();
    await setTimeout(PRICES_MS);
    return books;
  }

  /** Wrong: one identifier for every genre. TypeORM compares neither statement nor values. */
  byGenreUnderOneId(genre: string): Promise<Book[]> {
    return this.books.find({ where: { genre }, take: 3, cache: { id: 'genre', milliseconds: 60_000 } });
  }

  /** Right: whatever the result depends on is in the identifier. */
  byGenre(genre: string): Promise<Book[]> {
    return this.books.find({
      where: { genre },
      take: 3,
      cache: { id: `genre:${genre}`, milliseconds: 60_000 },
    });
  }

  /** A sale. The cached bestsellers are not told. */
  async sell(id: number): Promise<void> {
    await this.books.increment({ id }, 'sold', 1);
  }
}
