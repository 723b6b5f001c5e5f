import type { QueryRecord } from '../../record/query-record.js';
import type { DriverShape, QueryRunnerShape } from './typeorm-shapes.js';

/** `mode` says `slave` for every SELECT; it means something only where replication is configured. */
export function serverOf(driver: DriverShape, runner: QueryRunnerShape): QueryRecord['server'] {
  if (driver.isReplicated !== true) return undefined;
  return runner.mode === 'slave' ? 'replica' : 'primary';
}
