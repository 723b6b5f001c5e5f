import { COARSE, Distribution } from './distribution.js';

/** Milliseconds, apart for what can be mended in different places. */
export interface TimeSplit {
  /** For a connection. */
  readonly wait: number;
  /** In the database and on the wire. */
  readonly execute: number;
  /** Making entities of rows. */
  readonly hydrate: number;
}

/** A wait that short is a free connection handed over, not a wait: it counts as zero and costs no memory. */
const NO_WAIT_MS = 0.1;

/** Where time went, as distributions, in milliseconds: execution within 1 %, the others within 5 %. */
export class TimeDistributions {
  readonly wait = new Distribution(COARSE);
  readonly execute = new Distribution();
  readonly hydrate = new Distribution(COARSE);

  add(time: TimeSplit): void {
    this.wait.add(time.wait < NO_WAIT_MS ? 0 : time.wait);
    this.execute.add(time.execute);
    if (time.hydrate > 0) this.hydrate.add(time.hydrate);
  }

  merge(other: TimeDistributions): void {
    this.wait.merge(other.wait);
    this.execute.merge(other.execute);
    this.hydrate.merge(other.hydrate);
  }

  sums(): TimeSplit {
    return { wait: this.wait.sum, execute: this.execute.sum, hydrate: this.hydrate.sum };
  }
}
