import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, SetMetadata, type INestApplication } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import {
  AutoBatch,
  Observe,
  QueryLensModule,
  QueryLensService,
  type QueryLensOptions,
} from 'nestjs-query-lens';
import { DataSource } from 'typeorm';
import { Author, blogEntities, fillBlog } from '../integration/capture/blog.js';
import { createApp } from './start-app.js';

const Tagged = SetMetadata('tag', 'kept');

@Controller()
class AuthorsController {
  constructor(private readonly dataSource: DataSource) {}

  @Get('plain')
  plain(): Promise<number[]> {
    return this.counts();
  }

  @Tagged
  @AutoBatch()
  @Get('batched')
  batched(): Promise<number[]> {
    return this.counts();
  }

  @Observe('named')
  @AutoBatch()
  named(): Promise<number[]> {
    return this.counts();
  }

  private async counts(): Promise<number[]> {
    const counts: number[] = [];
    for (const author of await this.dataSource.manager.find(Author)) counts.push((await author.posts).length);
    return counts;
  }
}

describe('auto-batching in a Nest application', () => {
  let app: INestApplication | undefined;
  afterEach(() => app?.close());

  const start = async (options?: QueryLensOptions) => {
    const running = (app = await createApp({
      lens: QueryLensModule.forRoot({ logFindings: false, ...options }),
      database: TypeOrmModule.forRoot({ type: 'sqljs', entities: blogEntities, synchronize: true }),
      controllers: [AuthorsController],
    }));
    await running.listen(0);
    await fillBlog(running.get(DataSource));
    const lens = running.get(QueryLensService);
    await lens.reset();
    const url = await running.getUrl();
    const get = async (path: string): Promise<unknown> => (await fetch(url + path)).json();
    return { app: running, lens, get };
  };

  it('@AutoBatch() is for its handler alone', async () => {
    const { get, lens } = await start();
    expect(await get('/plain')).toEqual([2, 2, 2]);
    expect(await get('/batched')).toEqual([2, 2, 2]);
    const { routes, totals, loadingStrategies, findings } = await lens.report();
    expect(routes.map(({ route, queries }) => `${route}: ${queries.max}`).sort()).toEqual([
      'GET /batched: 2',
      'GET /plain: 4',
    ]);
    expect(totals.batching).toEqual({ loads: 1, statementsSaved: 2 });
    expect(findings.map(({ kind, route }) => `${kind} ${route}`)).toEqual(['n-plus-one GET /plain']);
    expect(loadingStrategies.filter(({ relation }) => relation === 'Author.posts')).toMatchObject([
      { route: 'GET /plain', strategy: 'lazy', statements: 3 },
      {
        route: 'GET /batched',
        relation: 'Author.posts',
        strategy: 'batched',
        statements: 1,
        parents: 3,
        entities: 6,
        verdict: { choice: 'keep', why: 'One statement for all parents of a list.' },
      },
    ]);
    const text = await lens.text({ color: false });
    expect(text.replace(/\s+/g, ' ')).toContain('2 statements saved by batching');
  });

  it('the option is for all of them', async () => {
    const { get, lens } = await start({ autoBatch: true });
    await get('/plain');
    expect((await lens.report()).totals.batching).toEqual({ loads: 1, statementsSaved: 2 });
  });

  it('the decorator keeps metadata, names and the unit of a method', async () => {
    const { app, lens } = await start();
    const { batched, named } = AuthorsController.prototype;
    expect(Reflect.getMetadata('tag', batched)).toBe('kept');
    expect(batched.name).toBe('batched');
    expect(await named.call(app.get(AuthorsController))).toEqual([2, 2, 2]);
    const { totals, routes } = await lens.report();
    expect(totals.batching?.statementsSaved).toBe(2);
    expect(routes.map(({ route }) => route)).toContain('named');
  });

  it('without the module the decorator does nothing', async () => {
    const { app } = await start({ enabled: false });
    expect(await app.get(AuthorsController).batched()).toEqual([2, 2, 2]);
  });
});
