import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { QueryLensModule } from 'nestjs-query-lens';
import { AskingGuard, LibraryController } from './library.controller.js';
import { libraryEntities } from './library.entities.js';
import { databaseOptions, neighbourModules } from './neighbours.js';

@Module({
  imports: [
    ...neighbourModules,
    TypeOrmModule.forRootAsync({
      useFactory: () => ({ type: 'sqljs', entities: libraryEntities, synchronize: true }),
      ...databaseOptions,
    }),
    TypeOrmModule.forFeature(libraryEntities),
    QueryLensModule.forRoot(),
  ],
  controllers: [LibraryController],
  providers: [AskingGuard],
})
export class AppModule {}
