import type { PoolGauge } from '../../record/pool-gauge.js';

/** What is read of a pool of `pg`: getters that are documented. */
interface PgPoolShape {
  readonly totalCount?: unknown;
  readonly idleCount?: unknown;
  readonly waitingCount?: unknown;
  readonly options?: { readonly max?: unknown; readonly min?: unknown };
}

/** What is read of a pool of `mysql2` (and `mysql`): fields that are internal, and have been there since 2.0. */
interface MysqlPoolShape {
  readonly _allConnections?: { readonly length?: unknown };
  readonly _freeConnections?: { readonly length?: unknown };
  readonly _connectionQueue?: { readonly length?: unknown };
  readonly config?: { readonly connectionLimit?: unknown; readonly maxIdle?: unknown };
}

/** Where TypeORM keeps its pools, once the data source is initialised. */
interface PooledDriverShape {
  readonly master?: unknown;
  readonly slaves?: unknown;
  readonly pool?: unknown;
  readonly poolCluster?: { readonly _nodes?: Readonly<Record<string, { readonly pool?: unknown }>> };
}

/** One pool of a driver, and which server it leads to. */
export interface DriverPool {
  readonly server: PoolGauge['server'];
  readonly name: string;
  /** The driver's own object. */
  readonly pool: object;
}

/**
 * The pools of a driver of PostgreSQL, CockroachDB, MySQL or MariaDB, primary first. Empty before the data source is
 * initialised, after it is destroyed, and for drivers whose pools keep their figures to themselves.
 */
export function driverPools(driver: object): readonly DriverPool[] {
  const { master, slaves, pool, poolCluster } = driver as PooledDriverShape;
  if (isObject(master)) return named(master, Array.isArray(slaves) ? slaves : []);
  const nodes = poolCluster?._nodes;
  if (!isObject(nodes)) return named(pool, []);
  // TypeORM calls them MASTER, SLAVE0, SLAVE1.
  const replicas = Object.keys(nodes)
    .filter((id) => id !== 'MASTER')
    .sort((a, b) => numberIn(a) - numberIn(b));
  return named(
    nodes['MASTER']?.pool,
    replicas.map((id) => nodes[id]?.pool),
  );
}

/** Idle connections that a pool keeps at least and at most; undefined where it does not say. */
export function idleLimits(pool: object): { readonly min?: number; readonly max?: number } {
  const { options } = pool as PgPoolShape;
  const { config } = pool as MysqlPoolShape;
  return {
    ...(typeof options?.min === 'number' ? { min: options.min } : {}),
    ...(typeof config?.maxIdle === 'number' ? { max: config.maxIdle } : {}),
  };
}

/** Reads every pool's figures, without waiting and without asking the database. See {@link driverPools}. */
export function poolGauges(driver: object): readonly PoolGauge[] {
  return driverPools(driver).flatMap(({ server, name, pool }) => {
    const figures = figuresOf(pool);
    return figures === undefined ? [] : [{ server, name, ...figures }];
  });
}

function named(primary: unknown, replicas: readonly unknown[]): readonly DriverPool[] {
  const pools: DriverPool[] = isObject(primary)
    ? [{ server: 'primary', name: 'primary', pool: primary }]
    : [];
  replicas.forEach((pool, index) => {
    if (isObject(pool)) pools.push({ server: 'replica', name: `replica ${String(index + 1)}`, pool });
  });
  return pools;
}

type Figures = Omit<PoolGauge, 'server' | 'name'>;

function figuresOf(pool: object): Figures | undefined {
  const pg = pool as PgPoolShape;
  if (typeof pg.totalCount === 'number')
    return figures(pg.options?.max, pg.totalCount, pg.idleCount, pg.waitingCount);
  const { _allConnections, _freeConnections, _connectionQueue, config } = pool as MysqlPoolShape;
  if (typeof _allConnections?.length !== 'number') return undefined;
  return figures(
    config?.connectionLimit,
    _allConnections.length,
    _freeConnections?.length,
    _connectionQueue?.length,
  );
}

function figures(size: unknown, open: unknown, idle: unknown, queued: unknown): Figures {
  const openCount = count(open);
  // pg queues a request for one tick even where a connection is free: that one is as good as handed out.
  const balance = count(idle) - count(queued);
  const free = Math.max(0, balance);
  return {
    size: count(size),
    open: openCount,
    idle: free,
    inUse: Math.max(0, openCount - free),
    waiting: Math.max(0, -balance),
  };
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0;
}

function numberIn(id: string): number {
  return Number(/\d+$/.exec(id)?.[0] ?? 0);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
