import assert from 'node:assert/strict';
import { Controller, Get, Inject, type DynamicModule, type INestApplication } from '@nestjs/common';
import { HealthCheck, HealthCheckService, TerminusModule } from '@nestjs/terminus';
import type { TypeOrmModuleAsyncOptions } from '@nestjs/typeorm';
import { QueryLensHealthIndicator } from 'nestjs-query-lens/health';
import { DataSource } from 'typeorm';
import type { Check } from './check.js';

/** So many statements a health check needs to judge them. */
const ENOUGH = 25;

@Controller('library/:shelf')
class HealthController {
  constructor(
    @Inject(HealthCheckService) private readonly health: HealthCheckService,
    @Inject(QueryLensHealthIndicator) private readonly database: QueryLensHealthIndicator,
    @Inject(DataSource) private readonly dataSource: DataSource,
  ) {}

  @Get('health')
  @HealthCheck()
  check() {
    return this.health.check([() => this.database.isHealthy('database', { maxErrorRatio: 1 })]);
  }

  /** No statement may fail. */
  @Get('strict-health')
  @HealthCheck()
  strictly() {
    return this.health.check([() => this.database.isHealthy('database', { maxErrorRatio: 0 })]);
  }

  @Get('mostly-working')
  async mostlyWorking(): Promise<string> {
    for (let time = 0; time < ENOUGH; time += 1)
      await this.dataSource.query('SELECT working.id FROM author working');
    return this.dataSource.query('SELECT nothing FROM nowhere').then(
      () => 'worked',
      () => 'failed',
    );
  }
}

class HealthModule {}

export const neighbourModules: DynamicModule[] = [
  {
    module: HealthModule,
    imports: [TerminusModule.forRoot({ logger: false })],
    controllers: [HealthController],
    providers: [QueryLensHealthIndicator],
  },
];
export const databaseOptions: Partial<TypeOrmModuleAsyncOptions> = {};

interface Answer {
  readonly status: string;
  readonly details: { readonly database: { status: string; degraded?: boolean; reasons: string[] } };
}

export const neighbourChecks: readonly Check[] = [
  {
    name: 'Terminus says up, with figures',
    async run({ get }) {
      const { status, body } = await get('health');
      const { details, ...answer } = JSON.parse(body) as Answer;
      assert.deepEqual([status, answer.status, details.database.status], [200, 'ok', 'up'], body);
      assert.deepEqual(details.database.reasons, []);
    },
  },
  {
    name: 'Terminus says degraded with 200, and why',
    async run({ get }) {
      assert.equal((await get('mostly-working')).body, 'failed');
      const { status, body } = await get('strict-health');
      const { database } = (JSON.parse(body) as Answer).details;
      assert.equal(status, 200, body);
      // Terminus knows the word from 12 on.
      const word = database.status === 'up' && database.degraded === true ? 'degraded' : database.status;
      assert.equal(word, 'degraded', body);
      assert.match(database.reasons.join(), /of the statements failed/);
    },
  },
  {
    name: 'Terminus says down with 503 while the data source is closed, and up again',
    async run({ get, dataSource }) {
      await dataSource.destroy();
      const closed = await get('health');
      await dataSource.initialize();
      assert.equal(closed.status, 503, closed.body);
      const { database } = (JSON.parse(closed.body) as Answer).details;
      assert.deepEqual(
        [database.status, database.reasons],
        ['down', ['the data source default is not open']],
      );
      assert.equal((await get('health')).status, 200);
    },
  },
];

export const closedChecks: readonly Check[] = [];

export function prepareNeighbours(): void {
  return;
}

export function configureNeighbours(_app: INestApplication): void {
  return;
}
