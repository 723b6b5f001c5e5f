import { CacheInterceptor, CacheTTL } from '@nestjs/cache-manager';
import { Controller, Get, Inject, Param, ParseIntPipe, Post, UseInterceptors } from '@nestjs/common';
import { QueryLensCacheInterceptor } from 'nestjs-query-lens/cache';
import { BooksService } from './books.service.js';

@Controller()
export class BooksController {
  constructor(@Inject(BooksService) private readonly books: BooksService) {}

  @Get('before/bestsellers')
  before() {
    return this.books.bestsellers();
  }

  @Get('after/bestsellers')
  after() {
    return this.books.cachedBestsellers();
  }

  /** Nest's own interceptor: everybody who meets a cold key computes it. */
  @Get('before/shop-window')
  @UseInterceptors(CacheInterceptor)
  @CacheTTL(60_000)
  crowded() {
    return this.books.shopWindow();
  }

  /** One computes, the others wait for it. */
  @Get('after/shop-window')
  @UseInterceptors(QueryLensCacheInterceptor)
  @CacheTTL(60_000)
  calm() {
    return this.books.shopWindow();
  }

  @Get('before/genres/:genre')
  wrongGenre(@Param('genre') genre: string) {
    return this.books.byGenreUnderOneId(genre);
  }

  @Get('after/genres/:genre')
  genre(@Param('genre') genre: string) {
    return this.books.byGenre(genre);
  }

  @Post('books/:id/sales')
  async sell(@Param('id', ParseIntPipe) id: number) {
    await this.books.sell(id);
    return { id };
  }
}
