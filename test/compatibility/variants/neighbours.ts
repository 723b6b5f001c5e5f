import assert from 'node:assert/strict';
import { Controller, Get, Inject, type DynamicModule, type INestApplication } from '@nestjs/common';
import type { TypeOrmModuleAsyncOptions } from '@nestjs/typeorm';
import { ClsModule, ClsService } from 'nestjs-cls';
import { Logger, LoggerModule } from 'nestjs-pino';
import { DataSource } from 'typeorm';
import {
  addTransactionalDataSource,
  initializeTransactionalContext,
  runOnTransactionCommit,
  Transactional,
} from 'typeorm-transactional';
import type { Check } from './check.js';
import { Author } from './library.entities.js';

const logged: string[] = [];

@Controller('library/:shelf')
class NeighboursController {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(ClsService) private readonly cls: ClsService,
  ) {}

  /** A transaction that repositories join by themselves, and a value of the request that survives it. */
  @Get('transactional')
  @Transactional()
  async transactional(): Promise<{ visitor: string; committed: string }> {
    const committed = new Promise<string>((resolve) => {
      runOnTransactionCommit(() => {
        resolve('yes');
      });
    });
    this.cls.set('visitor', 'ann');
    const authors = this.dataSource.getRepository(Author);
    await authors.query('SELECT inner1.id FROM author inner1');
    await authors.findOneBy({ id: 1 });
    await new Promise((resolve) => setTimeout(resolve, 10));
    await authors.query('SELECT inner2.id FROM author inner2');
    void committed.then(() => logged.push('committed'));
    return { visitor: this.cls.get<string>('visitor'), committed: 'later' };
  }
}

class NeighboursModule {}

export const neighbourModules: DynamicModule[] = [
  ClsModule.forRoot({ global: true, middleware: { mount: true } }),
  LoggerModule.forRoot({ pinoHttp: [{}, { write: (line: string) => logged.push(line) }] }),
  { module: NeighboursModule, controllers: [NeighboursController] },
];

export const databaseOptions: Partial<TypeOrmModuleAsyncOptions> = {
  dataSourceFactory: async (options) => {
    assert.ok(options);
    return addTransactionalDataSource(new DataSource(options)).initialize();
  },
};

export const neighbourChecks: readonly Check[] = [
  {
    name: 'a transaction of typeorm-transactional belongs to its request, values of nestjs-cls stay',
    async run({ get, lens }) {
      const { status, body } = await get('transactional');
      assert.equal(status, 200, body);
      assert.equal((JSON.parse(body) as { visitor: string }).visitor, 'ann');
      for (let wait = 0; wait < 50 && !logged.includes('committed'); wait += 1)
        await new Promise((resolve) => setTimeout(resolve, 10));
      assert.ok(logged.includes('committed'));
      const unit = (await lens.units()).find(({ name }) => name.endsWith('/transactional'));
      const inner = (unit?.statements ?? []).filter(({ transaction }) => transaction !== undefined);
      const texts = inner.map(({ statement }) => statement);
      assert.ok(
        texts.some((text) => text.includes('inner1')) && texts.some((text) => text.includes('inner2')),
      );
      assert.equal(new Set(inner.map(({ transaction }) => transaction)).size, 1);
    },
  },
  {
    name: 'findings go to nestjs-pino',
    async run() {
      assert.ok(logged.some((line) => line.includes('n-plus-one Author.books')));
    },
  },
];

export const closedChecks: readonly Check[] = [];

export function prepareNeighbours(): void {
  initializeTransactionalContext();
}

export function configureNeighbours(app: INestApplication): void {
  app.useLogger(app.get(Logger));
}
