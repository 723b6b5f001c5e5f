import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { QueryLensModule, QueryLensService } from 'nestjs-query-lens';
import { DataSource, EntityManager, SelectQueryBuilder } from 'typeorm';
import { Author } from './library.entities.js';
import { createApp, SQLJS, startApp, summaries } from './start-app.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

@Controller()
class AuthorsController {
  constructor(private readonly dataSource: DataSource) {}

  @Get('authors')
  async list(): Promise<number> {
    const authors = await this.dataSource.manager.find(Author);
    for (const author of authors) await author.books;
    return authors.length;
  }
}

/** What is patched, as far as one can see it from outside. */
function methods(dataSource?: DataSource): unknown[] {
  const patched: [object | undefined, string[]][] = [
    [DataSource.prototype, ['initialize']],
    [EntityManager.prototype, ['save', 'remove', 'softRemove', 'recover']],
    [SelectQueryBuilder.prototype, ['executeEntitiesAndRawResults', 'loadRawResults']],
    [dataSource?.driver, ['createQueryRunner']],
    [(dataSource as { relationLoader?: object } | undefined)?.relationLoader, ['load']],
  ];
  return patched.flatMap(([object, names]) =>
    names.map((name) => (object as Record<string, unknown> | undefined)?.[name]),
  );
}

describe('closing the application', () => {
  it('undoes everything', async () => {
    const bare = await new DataSource({ type: 'sqljs', entities: [] }).initialize();
    const before = methods(bare);
    await bare.destroy();
    const running = await startApp({ controllers: [AuthorsController] });
    await running.get('/authors');
    const dataSource = running.app.get(DataSource);
    expect(DataSource.prototype.initialize).not.toBe(before[0]);
    await running.app.close();
    const after = methods(dataSource);
    expect(after).toEqual(before);
  });

  it('undoes everything when the application does not start', async () => {
    const { initialize } = DataSource.prototype;
    const lens = QueryLensModule.forRoot({ dataSources: ['nobody'] });
    expect(DataSource.prototype.initialize).not.toBe(initialize);
    const app = await createApp({ lens });
    await expect(app.init()).rejects.toThrow('QL003');
    expect(DataSource.prototype.initialize).toBe(initialize);
  });

  it.each([
    [
      'while providers are made',
      { provide: 'FAILS', useFactory: () => Promise.reject(new Error('no secret')) },
    ],
    [
      'in onModuleInit()',
      { provide: 'FAILS', useValue: { onModuleInit: () => Promise.reject(new Error('no secret')) } },
    ],
  ])(
    'undoes everything when another module fails %s, once nobody holds the application',
    async (_when, provider) => {
      const { initialize } = DataSource.prototype;
      const { list } = AuthorsController.prototype;
      await expect(startApp({ controllers: [AuthorsController], providers: [provider] })).rejects.toThrow(
        'no secret',
      );
      expect(DataSource.prototype.initialize).not.toBe(initialize);
      for (let attempt = 0; DataSource.prototype.initialize !== initialize && attempt < 500; attempt++) {
        collectGarbage();
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      expect(DataSource.prototype.initialize).toBe(initialize);
      expect(AuthorsController.prototype.list).toBe(list);
    },
  );

  it('does not take an application for one that failed because nobody holds it', async () => {
    const running = await startApp({ controllers: [AuthorsController] });
    for (let attempt = 0; attempt < 10; attempt++) {
      collectGarbage();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await running.get('/authors');
    expect(await running.units()).toHaveLength(1);
    await running.app.close();
  });

  it('has nothing to undo where enabled is false', async () => {
    const { initialize } = DataSource.prototype;
    const running = await startApp({
      lens: QueryLensModule.forRoot({ enabled: false }),
      controllers: [AuthorsController],
    });
    expect(DataSource.prototype.initialize).toBe(initialize);
    expect(await (await running.get('/authors')).text()).toBe('3');
    expect(await running.lens.units()).toEqual([]);
    expect((await running.lens.report()).totals.queries).toBe(0);
    expect(running.lens.observe('job', () => 42)).toBe(42);
    await running.app.close();
  });

  it('has nothing to undo where a factory says so', async () => {
    const { initialize } = DataSource.prototype;
    const lens = QueryLensModule.forRootAsync({ useFactory: () => ({ enabled: false }) });
    const running = await startApp({ lens, controllers: [AuthorsController] });
    expect(DataSource.prototype.initialize).toBe(initialize);
    await running.get('/authors');
    expect(await running.lens.units()).toEqual([]);
    await running.app.close();
  });
});

describe('two applications in one process', () => {
  it('never see each other', async () => {
    const first = await startApp({ controllers: [AuthorsController] });
    const second = await startApp({ controllers: [AuthorsController], platform: 'fastify' });
    await Promise.all([first.get('/authors'), second.get('/authors'), second.get('/authors')]);
    expect((await first.units()).map(({ name, queries }) => [name, queries])).toEqual([['GET /authors', 4]]);
    expect((await second.units()).map(({ queries }) => queries)).toEqual([4, 4]);
    await first.app.close();
    await second.get('/authors');
    expect(await second.units()).toHaveLength(3);
    await second.app.close();
  });

  it('may be made of the same module, one after the other', async () => {
    const lens = QueryLensModule.forRoot();
    for (const round of [1, 2]) {
      const running = await startApp({
        lens,
        database: TypeOrmModule.forRoot(SQLJS),
        controllers: [AuthorsController],
      });
      await running.get('/authors');
      const units = await running.units();
      expect([round, units.length, summaries(units[0]).length]).toEqual([round, 1, 4]);
      await running.app.close();
    }
  });

  it('may be made of the same module at the same time', async () => {
    const lens = QueryLensModule.forRoot();
    const [first, second] = await Promise.all([
      startApp({ lens, controllers: [AuthorsController] }),
      startApp({ lens, controllers: [AuthorsController] }),
    ]);
    expect(first.app.get(QueryLensService)).not.toBe(second.app.get(QueryLensService));
    await first.get('/authors');
    expect(await first.units()).toHaveLength(1);
    expect(await second.units()).toHaveLength(0);
    await first.app.close();
    await second.app.close();
  });
});
