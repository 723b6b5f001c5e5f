import type { CallSite } from './call-site.js';
import type { PoolGauge } from './pool-gauge.js';
import type { PoolUser } from './pool-use.js';

/** A connection that is held and not used. Milliseconds. */
export interface IdleConnection {
  readonly server: PoolGauge['server'];
  /** Name of the unit of work that asked for it. */
  readonly unit: string;
  readonly callSite?: CallSite;
  readonly heldMs: number;
  /** Since its last statement. */
  readonly idleMs: number;
  readonly statements: number;
  readonly isInTransaction: boolean;
  /** Its last statement makes it wait on purpose: LISTEN, or an advisory lock. */
  readonly isOnPurpose: boolean;
}

/** The pools of one data source at one moment. Empty where it has none that can be seen. */
export interface PoolSnapshot {
  readonly gauges: readonly PoolGauge[];
  readonly holders: Readonly<Record<PoolGauge['server'], readonly PoolUser[]>>;
  /** For each request that waits now: how long it has been waiting, in milliseconds. */
  readonly waitingMs: Readonly<Record<PoolGauge['server'], readonly number[]>>;
  /** Since a connection was handed over or given back; absent where none was so far. */
  readonly sinceProgressMs?: number;
  /** Connections without a statement for so long as was asked about, longest first. */
  readonly idle: readonly IdleConnection[];
}
