import type { CallSite } from './call-site.js';
import type { CapturedStack } from './captured-stack.js';
import type { ConnectionRequest, PoolUse, Saturation } from './pool-use.js';

/** Connections of one unit and pool whose wait is kept. */
const MAX_WAITS = 5_000;
/** Requests that had to wait, of one unit and pool. */
const MAX_REQUESTS = 500;
/** Saturations that ended in one unit and pool. */
const MAX_SATURATIONS = 50;

/** A record that is completed off the request path, when stacks are read and units have their names. */
export type Pending<T> = (locate: (stack: CapturedStack) => CallSite | undefined) => T;

/** Collects what one running unit of work asks of one pool. Every list has a maximum. */
export class PoolUseRecorder {
  private readonly waitsMs: number[] = [];
  private readonly requests: Pending<ConnectionRequest>[] = [];
  private readonly saturations: Pending<Saturation>[] = [];

  constructor(private readonly of: Pick<PoolUse, 'dataSource' | 'server'>) {}

  given(waitMs: number): void {
    if (this.waitsMs.length < MAX_WAITS) this.waitsMs.push(waitMs);
  }

  waited(request: Pending<ConnectionRequest>): void {
    if (this.requests.length < MAX_REQUESTS) this.requests.push(request);
  }

  saturated(saturation: Pending<Saturation>): void {
    if (this.saturations.length < MAX_SATURATIONS) this.saturations.push(saturation);
  }

  /** Records that have to be completed: what is kept for them. */
  get size(): number {
    return this.requests.length + this.saturations.length;
  }

  finish(locate: (stack: CapturedStack) => CallSite | undefined): PoolUse {
    return {
      ...this.of,
      waitsMs: this.waitsMs,
      requests: this.requests.map((complete) => complete(locate)),
      saturations: this.saturations.map((complete) => complete(locate)),
    };
  }
}
