import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Inject, type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { HealthCheck, HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, type QueryRunner } from 'typeorm';
import { QueryLensModule, type Report } from '../../lib/index.js';
import { QueryLensHealthIndicator } from '../../lib/health/index.js';
import { Author, Book, fillLibrary } from './library.entities.js';
import { describeWith } from '../databases.js';
import { startPostgres, startPostgresReplica, type PrivateServer } from '../servers/private-postgres.mjs';

/** A busy machine may need it to answer at all; the timeouts of the checks are shorter by far. */
const PATIENCE_MS = 120_000;
const TIMEOUT_MS = 1_500;

@Controller()
class HealthController {
  constructor(
    @Inject(HealthCheckService) private readonly health: HealthCheckService,
    @Inject(QueryLensHealthIndicator) private readonly lens: QueryLensHealthIndicator,
  ) {}

  @Get('health')
  @HealthCheck()
  check() {
    return this.health.check([
      () => this.lens.isHealthy('database', { timeoutMs: TIMEOUT_MS, maxPoolWaitMs: 300 }),
    ]);
  }
}

@Controller()
class ReadsController {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  @Get('read')
  read() {
    return this.dataSource.manager.find(Author);
  }

  @Get('write')
  write() {
    return this.dataSource.manager.insert(Author, { name: 'new' });
  }
}

interface Answer {
  readonly code: number;
  readonly status: string;
  readonly reasons: readonly string[];
  readonly tookMs: number;
}

describe('the health indicator', () => {
  describeWith('postgres-programs', (programs) => {
    let primary: PrivateServer;
    let app: INestApplication | undefined;

    beforeAll(async () => {
      primary = await startPostgres(programs);
    }, PATIENCE_MS);
    afterAll(() => primary.stop());
    afterEach(async () => {
      await app?.close();
      app = undefined;
    });

    describe('with one server', () => {
      beforeEach(async () => {
        app = await start({ url: primary.url, extra: { max: 2, connectionTimeoutMillis: 20_000 } });
      }, PATIENCE_MS);

      it('says up, with figures', async () => {
        const response = await fetch(`${await url()}/health`);
        const body = (await response.json()) as { info: { database: object } };
        expect(response.status).toBe(200);
        expect(body.info.database).toMatchObject({
          status: 'up',
          reasons: [],
          dataSources: [
            {
              name: 'default',
              pools: [{ name: 'primary', size: 2, waiting: 0, ping: { outcome: 'answered' } }],
            },
          ],
        });
      });

      it(
        'says down while the database is stopped, and up again afterwards',
        async () => {
          await primary.halt();
          const answer = await ask();
          await primary.restart();
          expect(answer).toMatchObject({ code: 503, status: 'down' });
          expect(answer.reasons[0]).toMatch(/^the primary cannot be reached: /);
          expect(await eventually('up')).toMatchObject({ code: 200, reasons: [] });
        },
        PATIENCE_MS,
      );

      it(
        'says down within its timeout while the database is paused, and up again afterwards',
        async () => {
          await ask();
          const resume = pause(primary);
          const first = await ask();
          const second = await ask();
          resume();
          for (const answer of [first, second]) {
            expect(answer).toMatchObject({ code: 503, status: 'down' });
            expect(answer.reasons).toEqual(['the primary did not answer within 1.5 s']);
            expect(answer.tookMs).toBeGreaterThanOrEqual(TIMEOUT_MS - 50);
          }
          expect(await eventually('up')).toMatchObject({ code: 200 });
        },
        PATIENCE_MS,
      );

      it(
        'needs no free connection to say that the pool is exhausted, and says up again afterwards',
        async () => {
          const dataSource = application().get(DataSource);
          const held = await hold(dataSource, 2);
          const waiting = dataSource.query('SELECT 1');
          const answer = await eventually('down');
          expect(answer.code).toBe(503);
          expect(answer.reasons).toEqual([
            expect.stringMatching(/^the pool is exhausted: 1 waiting, and no connection has come free for /),
            expect.stringMatching(/^a request has been waiting for a connection for /),
          ]);
          for (const runner of held) await runner.release();
          await waiting;
          expect(await eventually('up')).toMatchObject({ code: 200 });
        },
        PATIENCE_MS,
      );

      it('answers below the admin path too, without Terminus', async () => {
        const response = await fetch(`${await url()}/query-lens/health`);
        expect(response.status).toBe(200);
        expect(await response.json()).toMatchObject({ status: 'up', dataSources: [{ name: 'default' }] });
      });

      it('records nothing of what it asks', async () => {
        await ask();
        const report = (await (await fetch(`${await url()}/query-lens/report`)).json()) as {
          slowQueries: { statement: string }[];
        };
        expect(report.slowQueries.filter(({ statement }) => /^SELECT \?$/.test(statement))).toEqual([]);
      });
    });

    describe('with a replica', () => {
      let replica: PrivateServer;

      beforeAll(async () => {
        replica = await startPostgresReplica(programs, primary);
        const master = { url: primary.url };
        app = await start({ replication: { master, slaves: [{ url: replica.url }, master] } });
      }, PATIENCE_MS);
      afterAll(() => replica.stop());

      it(
        'says degraded while one of the replicas is down, and up again afterwards',
        async () => {
          expect(await ask()).toMatchObject({ status: 'up' });
          await replica.halt();
          const answer = await ask();
          await replica.restart();
          expect(answer).toMatchObject({ code: 200, status: 'degraded' });
          expect(answer.reasons).toEqual([expect.stringMatching(/^the replica 1 cannot be reached: /)]);
          expect(await eventually('up')).toMatchObject({ code: 200 });
        },
        PATIENCE_MS,
      );
    });

    describe('with two replicas', () => {
      const entities = [Author, Book];
      let replicas: readonly PrivateServer[] = [];

      beforeAll(async () => {
        const options = { type: 'postgres', url: primary.url, entities, synchronize: true } as const;
        const made = await new DataSource(options).initialize();
        await fillLibrary(made.manager);
        await made.destroy();
        replicas = [
          await startPostgresReplica(programs, primary),
          await startPostgresReplica(programs, primary),
        ];
      }, PATIENCE_MS);
      beforeEach(async () => {
        const slaves = replicas.map((replica) => ({ url: replica.url }));
        app = await start({ entities, replication: { master: { url: primary.url }, slaves } });
      }, PATIENCE_MS);
      afterAll(async () => {
        for (const replica of replicas) await replica.stop();
      });

      const read = async () => (await fetch(`${await url()}/read`)).status;
      const write = async () => (await fetch(`${await url()}/write`)).status;

      it(
        'says down while both are: reads fail, writes do not, and the report counts the refused reads',
        async () => {
          expect([await read(), await write()]).toEqual([200, 200]);
          for (const replica of replicas) await replica.halt();
          const answer = await eventually('down');
          expect(answer).toMatchObject({ code: 503 });
          expect(answer.reasons).toEqual([
            'no replica answers, and reads go to replicas',
            expect.stringMatching(/^the replica 1 cannot be reached: /),
            expect.stringMatching(/^the replica 2 cannot be reached: /),
          ]);
          expect([await read(), await read(), await write()]).toEqual([500, 500, 200]);
          const report = (await (await fetch(`${await url()}/query-lens/report`)).json()) as Report;
          const refused = report.pools.map(({ server, refused }) => [server, refused]);
          expect(refused).toEqual([
            ['primary', []],
            ['replica', [{ code: 'ECONNREFUSED', count: 2 }]],
          ]);
          const [finding] = report.findings;
          expect(finding).toMatchObject({ kind: 'failing-query', route: 'GET /read', occurrences: 2 });
          expect(finding?.advice.text).toMatch(
            /^A replica could not be reached: .*createQueryRunner\('master'\)/,
          );
          for (const replica of replicas) await replica.restart();
          expect(await eventually('up')).toMatchObject({ code: 200, reasons: [] });
          expect(await read()).toBe(200);
        },
        PATIENCE_MS,
      );
    });

    function application(): INestApplication {
      if (app === undefined) throw new Error('not started');
      return app;
    }

    function url(): Promise<string> {
      return application().getUrl();
    }

    async function ask(): Promise<Answer> {
      const startedMs = performance.now();
      const response = await fetch(`${await url()}/health`);
      const { details } = (await response.json()) as {
        details: { database: Pick<Answer, 'status' | 'reasons'> };
      };
      const { status, reasons } = details.database;
      return { code: response.status, status, reasons, tookMs: performance.now() - startedMs };
    }

    /** Asks until it is so. */
    async function eventually(status: string): Promise<Answer> {
      const untilMs = performance.now() + 60_000;
      for (;;) {
        const answer = await ask();
        if (answer.status === status || performance.now() > untilMs) return answer;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  });
});

async function start(database: object): Promise<INestApplication> {
  @Module({
    imports: [
      TypeOrmModule.forRoot({ type: 'postgres', entities: [], retryAttempts: 0, ...database } as object),
      QueryLensModule.forRoot({ logFailingQueries: false, admin: { public: true } }),
      TerminusModule.forRoot({ errorLogStyle: 'json', logger: false }),
    ],
    controllers: [HealthController, ReadsController],
    providers: [QueryLensHealthIndicator],
  })
  class AppModule {}
  const app = await NestFactory.create(AppModule, { logger: false });
  await app.listen(0);
  return app;
}

async function hold(dataSource: DataSource, connections: number): Promise<QueryRunner[]> {
  const runners = Array.from({ length: connections }, () => dataSource.createQueryRunner());
  for (const runner of runners) await runner.connect();
  return runners;
}

/** Stops the server and every process that it has started, and answers how to let them go on. */
function pause(server: PrivateServer): () => void {
  const parent = server.pid();
  if (parent === undefined) throw new Error('the server is not running');
  const children = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim().split(' ');
  const processes = [parent, ...children.filter((pid) => pid !== '').map(Number)];
  const signal = (name: NodeJS.Signals) => {
    for (const pid of processes) process.kill(pid, name);
  };
  signal('SIGSTOP');
  return () => {
    signal('SIGCONT');
  };
}
