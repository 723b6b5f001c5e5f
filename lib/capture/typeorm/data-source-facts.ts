import type { DataSourceShape } from './typeorm-shapes.js';

/** What is known of a data source without asking the database. */
export interface DataSourceFacts {
  readonly name: string;
  /** TypeORM's driver type: `postgres`, `sqljs`. */
  readonly driver: string;
  readonly database?: string;
  /** Connections its pool may open; undefined where there is no pool or it keeps that to itself. */
  readonly poolSize?: number;
  readonly isReplicated: boolean;
}

/** Reads them off the data source; the pool is there once it is initialised. */
export function dataSourceFacts(dataSource: object, name: string): DataSourceFacts {
  const { driver, options } = dataSource as DataSourceShape;
  return {
    name,
    driver: options.type,
    database: typeof driver.database === 'string' ? driver.database : undefined,
    poolSize: poolSizeOf(driver),
    isReplicated: driver.isReplicated === true,
  };
}

function poolSizeOf(driver: object): number | undefined {
  const { master, pool } = driver as {
    master?: { options?: { max?: unknown } };
    pool?: { config?: { connectionLimit?: unknown } };
  };
  const size = master?.options?.max ?? pool?.config?.connectionLimit;
  return typeof size === 'number' ? size : undefined;
}
