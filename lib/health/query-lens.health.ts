import { Inject, Injectable } from '@nestjs/common';
import * as terminus from '@nestjs/terminus';
import { QueryLensService } from '../query-lens.service.js';
import { healthResult, terminusGeneration, type HealthResult } from './health-result.js';

type HealthOptions = NonNullable<Parameters<QueryLensService['health']>[0]>;

/**
 * A health indicator for `@nestjs/terminus` 10, 11 and 12. It reads the state of the pools and the last minute's statements,
 * and asks a server only where its pool has room; it answers within `timeoutMs`.
 */
@Injectable()
export class QueryLensHealthIndicator {
  private readonly generation = terminusGeneration(terminus);

  constructor(@Inject(QueryLensService) private readonly lens: QueryLensService) {}

  /**
   * `up`, `degraded` (which Terminus answers with 200; up to Terminus 11 it is `up` with `degraded: true`) or `down` (503).
   *
   * @throws Terminus' own HealthCheckError where it is down, on Terminus 10
   */
  async isHealthy<Key extends string>(key: Key, options: HealthOptions = {}): Promise<HealthResult<Key>> {
    return healthResult(key, await this.lens.health(options), this.generation);
  }
}
