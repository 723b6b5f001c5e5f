import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Injectable, Module } from '@nestjs/common';
import { getDataSourceToken, InjectDataSource, TypeOrmModule } from '@nestjs/typeorm';
import { ignoreFindings, instrumentDataSource, QueryLensModule } from 'nestjs-query-lens';
import { DataSource } from 'typeorm';
import { Author, Book } from './library.entities.js';
import { createApp, type RunningApp, SQLJS, startApp, summaries } from './start-app.js';

@Controller()
class AskController {
  constructor(
    private readonly library: DataSource,
    @InjectDataSource('archive') private readonly archive: DataSource,
  ) {}

  @Get('both')
  async both(): Promise<string> {
    await this.library.query('SELECT 1 AS library');
    await this.archive.query('SELECT 1 AS archive');
    return 'asked';
  }

  @Get('by-hand')
  async byHand(): Promise<string> {
    const dataSource = await new DataSource({
      type: 'sqljs',
      entities: [Author, Book],
      synchronize: true,
    }).initialize();
    await dataSource.manager.save(Author, { name: 'Ann' });
    await dataSource.destroy();
    return 'asked';
  }
}

@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      name: 'archive',
      useFactory: () => ({ ...SQLJS, name: 'archive' }),
      dataSourceFactory: async (options) => new DataSource(options!).initialize(),
    }),
  ],
  controllers: [AskController],
})
class AskModule {}

@Injectable()
class OnlyLibrary {
  constructor(readonly dataSource: DataSource) {}
}

describe('data sources', () => {
  let running: RunningApp | undefined;

  afterEach(async () => {
    await running?.app.close();
    running = undefined;
  });

  async function askBoth(): Promise<Record<string, string>> {
    await running!.get('/both');
    const [unit] = await running!.units();
    return Object.fromEntries(unit!.statements.map(({ statement, dataSource }) => [dataSource, statement]));
  }

  it('are recorded under their names: the default one, and a named one made by a dataSourceFactory', async () => {
    running = await startApp({ imports: [AskModule] });
    expect(await askBoth()).toEqual({ default: 'SELECT ? AS library', archive: 'SELECT ? AS archive' });
  });

  it.each(['first', 'last'])(
    'are seen from their first statement when the module stands %s',
    async (place) => {
      const lens = QueryLensModule.forRoot();
      const database = TypeOrmModule.forRoot(SQLJS);
      const imports =
        place === 'first'
          ? { lens, database, imports: [AskModule] }
          : { lens: database, database: AskModule, imports: [lens] };
      const app = await createApp({ ...imports });
      await app.init();
      const { QueryLensService } = await import('nestjs-query-lens');
      const bootstrap = (await app.get(QueryLensService).units()).filter(({ kind }) => kind === 'bootstrap');
      const statements = bootstrap.flatMap((unit) => summaries(unit));
      expect(statements.filter((statement) => statement.startsWith('CREATE TABLE "author"'))).toHaveLength(2);
      await app.close();
    },
  );

  it('opened by hand while the application runs are seen, under a name of their own', async () => {
    running = await startApp({ imports: [AskModule] });
    await running.get('/by-hand');
    const [unit] = await running.units();
    expect(new Set(unit?.statements.map(({ dataSource }) => dataSource))).toEqual(new Set(['default#2']));
    expect(summaries(unit).join()).toContain('INSERT INTO "author"');
    const { dataSources } = await running.lens.report();
    expect(dataSources).toContainEqual(expect.objectContaining({ name: 'default#2', driver: 'sqljs' }));
  });

  it('that are initialised already are recorded through the manual door', async () => {
    running = await startApp({ imports: [AskModule] });
    const dataSource = new DataSource({ type: 'sqljs' });
    // As a data source of another copy of TypeORM, which no hook sees.
    const undo = instrumentDataSource(dataSource, { name: 'foreign' });
    await dataSource.initialize();
    await running.lens.observe('job', () => dataSource.query('SELECT 1'));
    undo();
    expect((await running.units()).at(-1)?.statements).toMatchObject([{ dataSource: 'foreign' }]);
    await dataSource.destroy();
  });

  it('that dataSources does not name are left out', async () => {
    running = await startApp({
      lens: QueryLensModule.forRoot({ dataSources: ['archive'] }),
      imports: [AskModule],
    });
    expect(await askBoth()).toEqual({ archive: 'SELECT ? AS archive' });
  });

  it('that dataSources names and nobody has are an error at start-up', async () => {
    const app = await createApp({
      lens: QueryLensModule.forRoot({ dataSources: ['replica'] }),
      providers: [OnlyLibrary],
    });
    await expect(app.init()).rejects.toThrow(
      'QL003: no DataSource named "replica" (known: "default"), so none of its queries can be recorded. ' +
        "Add TypeOrmModule.forRoot({ name: 'replica' }) or remove it from dataSources.",
    );
    await app.get<DataSource>(getDataSourceToken(), { strict: false }).destroy();
  });

  it.each(['Author.bookz', 'Autor.books', 'Autor by id'])(
    'without %s make an ignore rule an error',
    async (relation) => {
      const ignore = [ignoreFindings({ relation, reason: 'a test' })];
      const app = await createApp({ lens: QueryLensModule.forRoot({ ignore }) });
      await expect(app.init()).rejects.toThrow(/^QL005: .*relation/);
    },
  );
});
