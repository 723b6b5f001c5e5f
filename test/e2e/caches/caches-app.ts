import { CACHE_MANAGER, CacheInterceptor, CacheKey, CacheTTL } from '@nestjs/cache-manager';
import { Controller, Get, Inject, Injectable, Param, Post, UseInterceptors } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { Cache } from 'cache-manager';
import { DataSource } from 'typeorm';
import { Author, Book } from '../library.entities.js';

@Injectable()
export class AuthorsService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CACHE_MANAGER) private readonly cache: Cache,
  ) {}

  /** Cached by hand. */
  async one(id: number): Promise<Author | undefined> {
    const cached = await this.cache.get<Author>(`author:${String(id)}`);
    if (cached !== undefined) return cached;
    const author = await this.dataSource.getRepository(Author).findOneByOrFail({ id });
    await this.cache.set(`author:${String(id)}`, author, 60_000);
    return author;
  }

  titles(): Promise<string[]> {
    return this.cache.wrap('titles', async () => {
      const books = await this.dataSource.getRepository(Book).find();
      return books.map(({ title }) => title);
    });
  }

  async rename(id: number, name: string): Promise<void> {
    await this.dataSource.getRepository(Author).update({ id }, { name });
  }

  all(): Promise<Author[]> {
    return this.dataSource.getRepository(Author).find();
  }
}

/** A subclass, as many applications have one. */
@Injectable()
export class QuietCacheInterceptor extends CacheInterceptor {}

@Controller('authors')
export class AuthorsController {
  constructor(@Inject(AuthorsService) private readonly authors: AuthorsService) {}

  @Get('by-hand/:id')
  byHand(@Param('id') id: string) {
    return this.authors.one(Number(id));
  }

  @Get('titles')
  titles() {
    return this.authors.titles();
  }

  @Get()
  @UseInterceptors(CacheInterceptor)
  @CacheTTL(60_000)
  all() {
    return this.authors.all();
  }

  @Get('quiet')
  @UseInterceptors(QuietCacheInterceptor)
  @CacheKey('quiet-authors')
  async quiet() {
    await this.authors.titles();
    return this.authors.all();
  }

  @Post('rename/:id')
  async rename(@Param('id') id: string) {
    await this.authors.rename(Number(id), 'Ada');
    return { id };
  }
}
