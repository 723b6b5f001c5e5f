import { monotonicMs } from '../clock.js';
import type { PoolGauge } from '../../record/pool-gauge.js';
import { pingPool } from './ping-pool.js';
import { driverPools, poolGauges, type DriverPool } from './pool-gauges.js';
import { queryError } from '../../record/query-error.js';
import type { DataSourceShape } from './typeorm-shapes.js';

const { setTimeout, clearTimeout } = globalThis;

/** How one server answered. */
export interface ServerAnswer extends PoolGauge {
  readonly ping: {
    readonly outcome: 'answered' | 'failed' | 'timeout' | 'skipped';
    readonly durationMs?: number;
    readonly error?: string;
  };
}

type Answer = ServerAnswer['ping'];

/** Asks servers whether they are there. At most one question to each pool is under way, however many ask. */
export class ServerPings {
  private readonly underWay = new WeakMap<object, Promise<Answer>>();

  /** Answers within `timeoutMs`, whatever the servers do. Replicas are asked where `replicas` says so. */
  async ask(dataSource: object, timeoutMs: number, replicas: boolean): Promise<readonly ServerAnswer[]> {
    const { driver } = dataSource as DataSourceShape;
    const gauges = new Map(poolGauges(driver).map((gauge) => [gauge.name, gauge]));
    return Promise.all(
      driverPools(driver).flatMap((pool) => {
        const gauge = gauges.get(pool.name);
        if (gauge === undefined) return [];
        const isAsked = pool.server === 'primary' || replicas;
        const ping: Promise<Answer> = isAsked
          ? this.pingWithin(pool, gauge, timeoutMs)
          : Promise.resolve({ outcome: 'skipped' });
        return [ping.then((answer) => ({ ...gauge, ping: answer }))];
      }),
    );
  }

  private async pingWithin(pool: DriverPool, gauge: PoolGauge, timeoutMs: number): Promise<Answer> {
    const known = this.underWay.get(pool.pool);
    if (known === undefined && !hasRoom(gauge)) return { outcome: 'skipped' };
    const abortion = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<Answer>((resolve) => {
      timer = setTimeout(() => {
        resolve({ outcome: 'timeout', durationMs: timeoutMs });
        abortion.abort();
      }, timeoutMs);
    });
    try {
      return await Promise.race([known ?? this.ping(pool, abortion.signal), timeout]);
    } finally {
      clearTimeout(timer);
    }
  }

  private ping(pool: DriverPool, signal: AbortSignal): Promise<Answer> {
    const startMs = monotonicMs();
    const answer = (pingPool(pool, signal) ?? Promise.resolve(undefined))
      .then((): Answer => ({ outcome: 'answered', durationMs: monotonicMs() - startMs }))
      .catch((error: unknown): Answer => {
        const { code, type } = queryError(error);
        return { outcome: 'failed', durationMs: monotonicMs() - startMs, error: code ?? type };
      })
      .finally(() => {
        this.underWay.delete(pool.pool);
      });
    this.underWay.set(pool.pool, answer);
    return answer;
  }
}

/** A free connection, or the right to open one, that nobody waits for. */
function hasRoom({ size, open, idle, waiting }: PoolGauge): boolean {
  return waiting === 0 && (idle > 0 || size === 0 || open < size);
}
