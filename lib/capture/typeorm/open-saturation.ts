import type { CallSite } from '../../record/call-site.js';
import type { PoolUser, Saturation } from '../../record/pool-use.js';
import type { Pending } from '../../record/pool-use-recorder.js';
import type { CapturedStack } from '../../record/unit-recorder.js';
import { poolUsers, type SeenUser } from './pool-users.js';

/** Holders are looked at again after so long: those of the beginning may have gone. */
const LOOK_AGAIN_MS = 100;
/** Holders and waiters that are remembered, each. */
const MAX_SEEN = 100;
/** A shorter time is the event loop's, not the pool's. */
const MIN_MS = 1;

/** A pool is full and requests wait, until none does. */
export class OpenSaturation {
  /** What is known of the holders so far; each connection once, as it was seen last. */
  private readonly holders = new Map<object, SeenUser>();
  private readonly waiters: SeenUser[] = [];
  private lookedMs = -Infinity;
  private waiting = 0;
  private requests = 0;
  private maxWaiting = 0;
  private refused = 0;

  constructor(
    private readonly startMs: number,
    private readonly startedAt: number,
    /** Connections of the pool. */
    readonly size: number,
  ) {}

  /** `holds` is only read when it is time to look. */
  enter(nowMs: number, holds: () => Iterable<readonly [object, SeenUser]>): void {
    this.waiting++;
    this.requests++;
    this.maxWaiting = Math.max(this.maxWaiting, this.waiting);
    if (nowMs - this.lookedMs < LOOK_AGAIN_MS) return;
    this.lookedMs = nowMs;
    for (const [connection, user] of holds())
      if (this.holders.size < MAX_SEEN || this.holders.has(connection)) this.holders.set(connection, user);
  }

  leave(waiter: SeenUser, isRefused: boolean): void {
    this.waiting--;
    this.refused += isRefused ? 1 : 0;
    if (this.waiters.length < MAX_SEEN) this.waiters.push(waiter);
  }

  get isOver(): boolean {
    return this.waiting <= 0;
  }

  /** A connection that was held meanwhile is given back, or is still held at the end. */
  heldFor(connection: object, heldMs: number): void {
    const known = this.holders.get(connection);
    if (known !== undefined) this.holders.set(connection, { ...known, heldMs });
  }

  /** Who held the connections, as far as it is known now. */
  heldBy(locate: (stack: CapturedStack) => CallSite | undefined): readonly PoolUser[] {
    return poolUsers(this.holders.values(), locate);
  }

  /** Undefined where it was too short to be one. */
  end(nowMs: number): Pending<Saturation> | undefined {
    const durationMs = nowMs - this.startMs;
    if (durationMs < MIN_MS) return undefined;
    const { startedAt, size, requests, maxWaiting, refused } = this;
    return (locate) => ({
      startedAt,
      durationMs,
      size,
      requests,
      maxWaiting,
      refused,
      holders: poolUsers(this.holders.values(), locate),
      waiters: poolUsers(this.waiters, locate),
    });
  }
}
