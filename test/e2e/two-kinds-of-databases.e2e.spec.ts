import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { InjectDataSource, TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { describeOn } from '../databases.js';
import { Author, Book, fillLibrary } from './library.entities.js';
import { type RunningApp, startApp } from './start-app.js';

/** The same loop in both, in one request. */
@Controller()
class AskController {
  constructor(
    private readonly library: DataSource,
    @InjectDataSource('archive') private readonly archive: DataSource,
  ) {}

  @Get('both')
  async both(): Promise<number> {
    let books = 0;
    for (const { manager } of [this.library, this.archive])
      for (const { id } of await manager.find(Author, { order: { id: 'ASC' } }))
        books += await manager.findBy(Book, { authorId: id }).then((found) => found.length);
    return books;
  }
}

describe('data sources of two kinds in one request', () => {
  describeOn(['pglite', 'postgres', 'mysql'], (database) => {
    let running: RunningApp;

    beforeAll(async () => {
      const archive = database.options({ entities: [Author, Book], synchronize: true });
      running = await startApp({
        imports: [
          TypeOrmModule.forRootAsync({
            name: 'archive',
            useFactory: () => ({ ...archive, name: 'archive' }),
          }),
        ],
        controllers: [AskController],
      });
      await fillLibrary(running.app.get<DataSource>('archiveDataSource', { strict: false }).manager);
      await running.lens.reset();
    });
    afterAll(() => running.app.close());

    it('are told apart: statements, findings, and the report', async () => {
      await running.get('/both');
      const [unit] = await running.units();
      const own = unit?.statements.map(({ dataSource }) => dataSource) ?? [];
      expect(own.filter((name) => name === 'default').length).toBeGreaterThanOrEqual(4);
      expect(own.filter((name) => name === 'archive').length).toBe(
        own.filter((name) => name === 'default').length,
      );
      const { findings, dataSources } = await running.lens.report();
      const loops = findings.filter(({ kind }) => kind === 'n-plus-one');
      expect(loops.map(({ relation, dataSource }) => `${relation} of ${dataSource}`).sort()).toEqual([
        'Author.books of archive',
        'Author.books of default',
      ]);
      const kinds = new Map(dataSources.map(({ name, driver }) => [name, driver]));
      expect(kinds.get('default')).toBe('sqljs');
      expect(kinds.get('archive')).toBe(database.dialect);
    });
  });
});
