import { connectionLeak } from './analysis/connection-leak.js';
import type { Finding } from './analysis/finding.js';
import { newlyIdle, poolSnapshot } from './capture/typeorm/pool-snapshot.js';
import { poolReadings } from './capture/typeorm/pool-readings.js';
import type { CallSite } from './record/call-site.js';
import type { PoolReading } from './record/pool-reading.js';
import type { PoolSnapshot } from './record/pool-snapshot.js';
import type { CapturedStack } from './record/unit-recorder.js';

const { setInterval, clearInterval } = globalThis;

/** How often connections are looked at that somebody may have forgotten. */
const LOOK_MS = 5_000;

/** What the pools of one application look like now, and what can be said of them while nothing ends. */
export class LivePools {
  constructor(
    /** By name. */
    private readonly dataSources: () => readonly (readonly [string, object])[],
    private readonly locate: (stack: CapturedStack) => CallSite | undefined,
    private readonly connectionLeakMs: number,
    private readonly found: (leak: Finding) => void,
    private readonly failed: (where: string, error: unknown) => void,
  ) {}

  /** Looks every few seconds; answers how to stop that. */
  start(): () => void {
    // Not a reason for the process to stay alive.
    const timer = setInterval(() => {
      this.look();
    }, LOOK_MS).unref();
    return () => {
      clearInterval(timer);
    };
  }

  /** Reports each connection that is held without a use, once. */
  look(): void {
    for (const [name, dataSource] of this.dataSources())
      this.guarded(() => {
        for (const idle of newlyIdle(dataSource, this.locate, this.connectionLeakMs))
          if (!idle.isOnPurpose) this.found(connectionLeak(idle, name));
      });
  }

  /** By data source name; those without a pool that can be seen are left out. */
  snapshots(): ReadonlyMap<string, PoolSnapshot> {
    const snapshots = new Map<string, PoolSnapshot>();
    for (const [name, dataSource] of this.dataSources())
      this.guarded(() => {
        const snapshot = poolSnapshot(dataSource, this.locate, this.connectionLeakMs);
        if (snapshot.gauges.length > 0) snapshots.set(name, snapshot);
      });
    return snapshots;
  }

  /** What every pool says of itself. */
  readings(): readonly PoolReading[] {
    const readings: PoolReading[] = [];
    for (const [, dataSource] of this.dataSources())
      this.guarded(() => {
        readings.push(...poolReadings(dataSource));
      });
    return readings;
  }

  private guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.failed('pools', error);
    }
  }
}
