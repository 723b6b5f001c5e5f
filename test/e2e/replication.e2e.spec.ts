import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Inject } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { QueryLensModule, type Report, renderMarkdown, renderText } from 'nestjs-query-lens';
import { DataSource } from 'typeorm';
import { describeWith } from '../databases.js';
import { startPostgres, startPostgresReplica, type PrivateServer } from '../servers/private-postgres.mjs';
import { Author, Book, fillLibrary } from './library.entities.js';
import { type RunningApp, startApp } from './start-app.js';

const PATIENCE_MS = 120_000;

@Controller()
class ReadsController {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  @Get('raw')
  raw() {
    return this.dataSource.query('SELECT name FROM author');
  }

  @Get('found')
  found() {
    return this.dataSource.manager.find(Author);
  }

  @Get('write-then-read')
  async writeThenRead() {
    await this.dataSource.manager.insert(Author, { name: 'new' });
    return this.dataSource.manager.findBy(Author, { name: 'new' });
  }

  @Get('committed-then-read')
  async committedThenRead() {
    await this.dataSource.transaction((manager) => manager.update(Author, { id: 1 }, { name: 'one' }));
    return this.dataSource.manager.countBy(Author, { name: 'one' });
  }

  @Get('rolled-back-then-read')
  async rolledBackThenRead() {
    await this.dataSource
      .transaction(async (manager) => {
        await manager.update(Author, { id: 1 }, { name: 'never' });
        throw new Error('no');
      })
      .catch(() => undefined);
    return this.dataSource.manager.countBy(Author, { name: 'never' });
  }

  @Get('write-then-raw')
  async writeThenRaw() {
    await this.dataSource.manager.insert(Author, { name: 'new' });
    return this.dataSource.query('SELECT count(*) FROM author');
  }

  @Get('write-then-other')
  async writeThenOther() {
    await this.dataSource.manager.insert(Author, { name: 'new' });
    return this.dataSource.manager.find(Book);
  }

  @Get('in-transaction')
  inTransaction() {
    return this.dataSource.transaction((manager) => manager.find(Author));
  }

  @Get('saved')
  async saved() {
    const author = await this.dataSource.manager.findOneByOrFail(Author, { id: 2 });
    await this.dataSource.manager.save(Object.assign(author, { name: 'two' }));
  }
}

describe('a data source with a replica', () => {
  describeWith('postgres-programs', (programs) => {
    let primary: PrivateServer;
    let replica: PrivateServer;
    let running: RunningApp;
    let report: Report;

    beforeAll(async () => {
      primary = await startPostgres(programs);
      const entities = [Author, Book];
      const { url } = primary;
      const made = await new DataSource({ type: 'postgres', url, entities, synchronize: true }).initialize();
      await fillLibrary(made.manager);
      await made.destroy();
      replica = await startPostgresReplica(programs, primary);
      const replication = { master: { url: primary.url }, slaves: [{ url: replica.url }] };
      running = await startApp({
        lens: QueryLensModule.forRoot({ admin: { public: true }, logFindings: false }),
        database: TypeOrmModule.forRoot({ type: 'postgres', entities, replication }),
        controllers: [ReadsController],
        fill: () => Promise.resolve(),
      });
      for (const path of [
        'raw',
        'raw',
        'found',
        'write-then-read',
        'committed-then-read',
        'rolled-back-then-read',
        'write-then-raw',
        'write-then-other',
        'in-transaction',
        'saved',
      ]) {
        const response = await running.get(`/${path}`);
        expect([path, response.status]).toEqual([path, 200]);
      }
      report = await running.lens.report();
    }, PATIENCE_MS);
    afterAll(async () => {
      await running.app.close();
      await replica.stop();
      await primary.stop();
    });

    it('knows reads on the primary that a replica could have answered, and reads of what was just written', () => {
      const [own, ...others] = report.replication;
      expect(others).toEqual([]);
      expect(own).toMatchObject({ dataSource: 'default', primaryWithoutNeed: 2, replicaAfterWrite: 2 });
      const places = own?.places.map(({ concern, route, table, count }) => [concern, route, table, count]);
      expect(places?.sort()).toEqual([
        ['primary-without-need', 'GET /raw', undefined, 2],
        ['replica-after-write', 'GET /committed-then-read', 'author', 1],
        ['replica-after-write', 'GET /write-then-read', 'author', 1],
      ]);
      expect(own?.places[0]?.callSites[0]?.function).toBe('ReadsController.raw');
    });

    it('counts the reads of each server', () => {
      expect(report.replication[0]?.reads).toEqual({
        // raw twice, after a write, in a transaction, of save() itself
        primary: 5,
        replica: 6,
      });
      const sources = Object.fromEntries(report.routes.map(({ route, dataSources }) => [route, dataSources]));
      expect(sources['GET /found']).toEqual([{ name: 'default', queries: 1, replica: 1 }]);
      expect(sources['GET /raw']).toEqual([{ name: 'default', queries: 2, replica: 0 }]);
    });

    it('says so in every form of the report', async () => {
      expect(await (await running.get('/query-lens/replication')).json()).toEqual(report.replication);
      const text = renderText(report, { sections: ['pools'], columns: 120 });
      expect(text).toContain('default: 6 reads on replicas, 5 on the primary');
      expect(text).toContain('2 reads on the primary without need: SELECT author GET /raw');
      const markdown = renderMarkdown(report);
      expect(markdown).toContain('a replica could have answered');
      expect(markdown).toContain('may not know yet');
    });
  });
});
