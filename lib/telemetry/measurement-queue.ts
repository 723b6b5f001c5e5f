import type { Instruments } from './instruments.js';

/** Then they are handed over when nobody waits for it. */
const MANY = 128;
/** Then they are handed over, whoever waits. */
const MAX_WAITING = 512;

/** Something that was measured and is not counted yet. */
export interface Measurement {
  record(instruments: Instruments): void;
}

/**
 * Measurements that wait until nobody waits for them: an SDK sorts and hashes the attributes of each, which is as dear as a
 * span, and half as dear where many follow each other.
 */
export class MeasurementQueue {
  private waiting: Measurement[] = [];
  private isOpen = true;

  constructor(readonly instruments: Instruments) {}

  add(measurement: Measurement): void {
    if (this.waiting.push(measurement) >= MAX_WAITING || !this.isOpen) this.flush();
  }

  /** Nobody waits: hands over what waits, where that is worth it. */
  pause(): void {
    if (this.waiting.length >= MANY) this.flush();
  }

  /** Hands over what waits. One that fails keeps none of the others back. */
  flush(): void {
    const { waiting, instruments } = this;
    if (waiting.length === 0) return;
    this.waiting = [];
    const failures: unknown[] = [];
    for (const measurement of waiting) {
      try {
        measurement.record(instruments);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  /** Nobody will ask any more: from now on nothing waits. */
  close(): void {
    this.isOpen = false;
    this.flush();
  }
}
