import type { DatabaseTarget } from './live-tracer.js';
import type { PoolGauge } from './pool-gauge.js';

/** What a pool says of itself at one moment, and which server it leads to. */
export interface PoolReading {
  readonly target: DatabaseTarget;
  readonly gauge: PoolGauge;
  /** Another instrumentation sits on the driver and may count the same. */
  readonly isDriverInstrumented: boolean;
  /** Connections that it keeps at least though nobody needs them, and at most; absent where it does not say. */
  readonly idleMin?: number;
  readonly idleMax?: number;
}
