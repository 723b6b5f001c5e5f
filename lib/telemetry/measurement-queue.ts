import { context, type Attributes, type Context, type Histogram } from '@opentelemetry/api';

/** Then they are handed over, whoever waits. */
const MAX_WAITING = 256;

interface Measurement {
  readonly histogram: Histogram;
  readonly value: number;
  readonly attributes: Attributes | undefined;
  readonly around: Context;
}

/**
 * Measurements that wait until nobody waits for them: an SDK sorts and hashes the attributes of each, which is as dear as a
 * span, and half as dear where many follow each other.
 */
export class MeasurementQueue {
  private waiting: Measurement[] = [];
  private isOpen = true;

  /** The same histogram, told later. */
  late(histogram: Histogram): Histogram {
    return {
      record: (value, attributes, around = context.active()) => {
        this.waiting.push({ histogram, value, attributes, around });
        if (!this.isOpen || this.waiting.length >= MAX_WAITING) this.flush();
      },
    };
  }

  /** Hands over what waits. One that fails keeps none of the others back. */
  flush(): void {
    const { waiting } = this;
    if (waiting.length === 0) return;
    this.waiting = [];
    const failures: unknown[] = [];
    for (const { histogram, value, attributes, around } of waiting) {
      try {
        histogram.record(value, attributes, around);
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
