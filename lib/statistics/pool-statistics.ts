import type { PoolUse, Saturation } from '../record/pool-use.js';
import { COARSE, Distribution } from './distribution.js';
import { MAX_ERRORS, MAX_RECENT_SATURATIONS } from './statistics-limits.js';

/** Everything that is kept of the pool of one data source; of its replicas together. */
export class PoolStatistics {
  readonly dataSource: string;
  readonly server: PoolUse['server'];
  /** Requests that had to wait for a connection of others. */
  waited = 0;
  saturations = 0;
  saturatedMs = 0;
  longestMs = 0;
  lastSeen = 0;
  /** For each connection that was given: how long that took. */
  readonly waitMs = new Distribution(COARSE);
  /** Requests that got no connection, by code or error class. */
  refused: { readonly code: string; count: number }[] = [];
  /** The last ones, newest first. */
  recent: Saturation[] = [];

  constructor(of: Pick<PoolUse, 'dataSource' | 'server'>) {
    this.dataSource = of.dataSource;
    this.server = of.server;
  }

  add({ waitsMs, requests, saturations }: PoolUse, at: number): void {
    this.lastSeen = Math.max(this.lastSeen, at);
    // A wait so short is a free connection handed over, and costs no memory as zero.
    for (const waitMs of waitsMs) this.waitMs.add(waitMs < 0.1 ? 0 : waitMs);
    this.waited += requests.length;
    for (const { error } of requests) if (error !== undefined) this.addRefused(error.code ?? error.type, 1);
    for (const saturation of saturations) {
      this.saturations++;
      this.saturatedMs += saturation.durationMs;
      this.longestMs = Math.max(this.longestMs, saturation.durationMs);
    }
    this.addRecent(saturations);
  }

  merge(other: PoolStatistics): void {
    this.lastSeen = Math.max(this.lastSeen, other.lastSeen);
    this.waitMs.merge(other.waitMs);
    this.waited += other.waited;
    this.saturations += other.saturations;
    this.saturatedMs += other.saturatedMs;
    this.longestMs = Math.max(this.longestMs, other.longestMs);
    for (const { code, count } of other.refused) this.addRefused(code, count);
    this.addRecent(other.recent);
  }

  private addRefused(code: string, count: number): void {
    const known = this.refused.find((entry) => entry.code === code);
    if (known !== undefined) known.count += count;
    else if (this.refused.length < MAX_ERRORS) this.refused.push({ code, count });
  }

  private addRecent(saturations: readonly Saturation[]): void {
    if (saturations.length === 0) return;
    this.recent = [...this.recent, ...saturations]
      .sort((a, b) => b.startedAt - a.startedAt)
      .slice(0, MAX_RECENT_SATURATIONS);
  }
}
