import type { PoolReading } from '../../record/pool-reading.js';
import { captureRegistry } from './capture-registry.js';
import { driverPools, idleLimits, poolGauges } from './pool-gauges.js';
import { isDriverInstrumented } from './driver-instrumentation.js';
import type { DataSourceShape } from './typeorm-shapes.js';

/** The pools of a data source that is recorded. Waits for nothing and asks no database. */
export function poolReadings(dataSource: object): readonly PoolReading[] {
  const { driver } = dataSource as DataSourceShape;
  const targets = captureRegistry().channels.get(driver)?.targets;
  if (targets === undefined) return [];
  const pools = new Map(driverPools(driver).map(({ name, pool }) => [name, pool]));
  const isCounted = isDriverInstrumented(driver);
  return poolGauges(driver).map((gauge) => {
    const { min, max } = idleLimits(pools.get(gauge.name) ?? {});
    return {
      target: targets.of(driver.isReplicated === true ? gauge.server : undefined),
      gauge,
      isDriverInstrumented: isCounted,
      ...(min === undefined ? {} : { idleMin: min }),
      ...(max === undefined ? {} : { idleMax: max }),
    };
  });
}
