import { Controller, Get } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { QueryLensModule, ignoreFindings } from 'nestjs-query-lens';
import { DataSource } from 'typeorm';
import { Author } from './library.entities.js';
import { startApp, type RunningApp } from './start-app.js';

@Controller('authors')
class AuthorsController {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  @Get('names')
  async names() {
    return (await this.withBooks()).map(({ name }) => name);
  }

  @Get('full')
  full() {
    return this.dataSource.getRepository(Author).find({ relations: { books: true } });
  }

  private withBooks() {
    return this.dataSource.getRepository(Author).find({ relations: { books: true } });
  }
}

describe.each(['express', 'fastify'] as const)('what is read of entities on %s', (platform) => {
  let running: RunningApp;

  beforeAll(async () => {
    running = await startApp({ platform, controllers: [AuthorsController] });
    for (let time = 0; time < 12; time++) {
      await running.get('/authors/names');
      await running.get('/authors/full');
    }
  });
  afterAll(() => running.app.close());

  it('tells what a handler leaves unread from what the response carries', async () => {
    const read = (await running.lens.loadingStrategies()).map(({ route, read }) => [route, read]);
    expect(Object.fromEntries(read)).toEqual({
      'GET /authors/names': { loads: 12, read: 0, sentToClient: 0, copied: 0 },
      'GET /authors/full': { loads: 12, read: 0, sentToClient: 12, copied: 0 },
    });
  });

  it('samples the first loads of each kind, and asks for enough of them', async () => {
    // On a busy machine twelve reads of the same rows are worth a cache.
    expect((await running.lens.findings()).filter(({ kind }) => kind !== 'cacheable-query')).toEqual([]);
  });
});

describe('unused-relation in an application', () => {
  const start = async (options: Parameters<typeof QueryLensModule.forRoot>[0]) => {
    const running = await startApp({
      lens: QueryLensModule.forRoot({ thresholds: { minSampledLoads: 5 }, ...options }),
      controllers: [AuthorsController],
    });
    for (let time = 0; time < 5; time++) await running.get('/authors/names');
    const findings = await running.lens.findings();
    const [strategy] = await running.lens.loadingStrategies();
    await running.app.close();
    return { found: findings.map(({ kind, relation, route }) => `${kind} ${relation} ${route}`), strategy };
  };

  it('is found, and the verdict is to drop it', async () => {
    const { found, strategy } = await start({});
    expect(found).toEqual(['unused-relation Author.books GET /authors/names']);
    expect(strategy?.verdict.choice).toBe('drop');
  });

  it.each([
    ['reads are not tracked', { trackReads: 'off' }],
    ['the kind is switched off', { detectors: { 'unused-relation': false } }],
    ['it is ignored', { ignore: [ignoreFindings({ relation: 'Author.books', reason: 'a test' })] }],
  ] as const)('is silent where %s', async (_, options) => {
    const { found, strategy } = await start(options);
    expect(found).toEqual([]);
    expect(strategy?.verdict.choice).toBe('keep');
  });
});
