import { CACHE_MANAGER, CacheModule } from '@nestjs/cache-manager';
import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { Cache } from 'cache-manager';
import { QueryLensModule } from 'nestjs-query-lens';
import { queryLensResultCache } from 'nestjs-query-lens/cache';
import { Book } from './book.entity.js';
import { BooksController } from './books.controller.js';
import { BooksService } from './books.service.js';
import { cacheStores } from './cache-stores.js';

@Module({
  imports: [
    QueryLensModule.forRoot({ admin: { public: true } }),
    CacheModule.registerAsync({ isGlobal: true, useFactory: async () => ({ stores: await cacheStores() }) }),
    TypeOrmModule.forRootAsync({
      inject: [CACHE_MANAGER],
      // One store for both: `cache: true` of TypeORM and the cache of Nest.
      useFactory: (cache: Cache) => ({
        type: 'sqljs',
        entities: [Book],
        synchronize: true,
        cache: { provider: queryLensResultCache(cache) },
      }),
    }),
    TypeOrmModule.forFeature([Book]),
  ],
  controllers: [BooksController],
  providers: [BooksService],
})
export class AppModule {}
