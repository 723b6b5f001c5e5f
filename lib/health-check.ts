import { ServerPings } from './capture/typeorm/ping-servers.js';
import { poolSnapshot } from './capture/typeorm/pool-snapshot.js';
import {
  DEFAULT_HEALTH_LIMITS,
  judgeHealth,
  type DataSourceHealth,
  type HealthFacts,
  type HealthLimits,
  type HealthStatus,
} from './report/health.js';
import type { RecentWindow } from './statistics/recent-window.js';

/** What is asked of a health check. */
export interface HealthOptions extends Partial<HealthLimits> {
  /** Only this data source. @defaultValue all of them */
  readonly dataSource?: string;
  /** Ask the replicas too, where replication is configured. @defaultValue true */
  readonly checkReplicas?: boolean;
  /** Within which the answer comes, in milliseconds. @defaultValue 1000 */
  readonly timeoutMs?: number;
}

/** The answer: the worst of its data sources. */
export interface Health {
  readonly status: HealthStatus;
  /** Why it is not `up`. */
  readonly reasons: readonly string[];
  readonly dataSources: readonly DataSourceHealth[];
}

export const DEFAULT_HEALTH_TIMEOUT_MS = 1_000;

const RANK: Readonly<Record<HealthStatus, number>> = { up: 0, degraded: 1, down: 2 };

/** Tells how data sources are, without needing a free connection and without waiting longer than it is told. */
export class HealthCheck {
  private readonly pings = new ServerPings();

  constructor(
    /** By name. */
    private readonly dataSources: () => readonly (readonly [string, object])[],
    private readonly recent: RecentWindow,
    private readonly failed: (where: string, error: unknown) => void,
  ) {}

  /** Never throws and never hangs. */
  async check(options: HealthOptions = {}): Promise<Health> {
    const known = this.dataSources();
    const wanted = known.filter(([name]) => options.dataSource === undefined || name === options.dataSource);
    if (wanted.length === 0) return nothing(options.dataSource, known);
    const limits = { ...DEFAULT_HEALTH_LIMITS, ...withoutUndefined(options) };
    const dataSources = await Promise.all(
      wanted.map(async ([name, dataSource]) =>
        judgeHealth(await this.facts(name, dataSource, options), limits),
      ),
    );
    const worst = dataSources.reduce<HealthStatus>(
      (status, other) => (RANK[other.status] > RANK[status] ? other.status : status),
      'up',
    );
    const isOne = dataSources.length === 1;
    const reasons = dataSources.flatMap(({ name, reasons: own }) =>
      own.map((reason) => (isOne ? reason : `${name}: ${reason}`)),
    );
    return { status: worst, reasons, dataSources };
  }

  private async facts(name: string, dataSource: object, options: HealthOptions): Promise<HealthFacts> {
    const { checkReplicas = true, timeoutMs = DEFAULT_HEALTH_TIMEOUT_MS } = options;
    const now = Date.now();
    const recent = this.recent.figures(name, now);
    const basis = {
      name,
      isOpen: (dataSource as { isInitialized?: unknown }).isInitialized === true,
      ...(recent === undefined ? {} : { recent }),
      lookups: this.recent.lookups(now),
    };
    try {
      const pools = await this.pings.ask(dataSource, timeoutMs, checkReplicas);
      const { waitingMs, sinceProgressMs } = poolSnapshot(dataSource, () => undefined, Infinity);
      return {
        ...basis,
        pools,
        waitingMs: [...waitingMs.primary, ...waitingMs.replica],
        ...(sinceProgressMs === undefined ? {} : { sinceProgressMs }),
      };
    } catch (error) {
      this.failed('health', error);
      return { ...basis, pools: [], waitingMs: [] };
    }
  }
}

function nothing(wanted: string | undefined, known: readonly (readonly [string, object])[]): Health {
  const names = known.map(([name]) => name).join(', ') || 'none';
  const reason =
    wanted === undefined
      ? 'no data source is known yet'
      : `no data source named "${wanted}" (known: ${names})`;
  return { status: 'down', reasons: [reason], dataSources: [] };
}

/** An explicit `undefined` means "not set". */
function withoutUndefined(options: HealthOptions): Partial<HealthLimits> {
  const {
    dataSource: _dataSource,
    checkReplicas: _checkReplicas,
    timeoutMs: _timeoutMs,
    ...limits
  } = options;
  const entries: [string, number | undefined][] = Object.entries(limits);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
