import { context, type Attributes } from '@opentelemetry/api';
import type { ConnectionUse, ConnectionWait, DatabaseTarget } from '../record/live-tracer.js';
import type { MeasurementQueue } from './measurement-queue.js';
import { poolName } from './pool-name.js';
import { SEMCONV } from './semconv.js';

/** Counts what runners do with connections. Every statement outside of a transaction takes one. */
export class ConnectionMetrics {
  private readonly attributes = new WeakMap<DatabaseTarget, Attributes>();

  /** The wait of a runner for its connection. */
  waited(queue: MeasurementQueue, wait: ConnectionWait): void {
    const attributes = this.of(wait.target);
    if (wait.error !== undefined) {
      queue.instruments.timeouts.add(1, attributes);
      return;
    }
    const around = context.active();
    queue.add({
      record: (instruments) => {
        instruments.wait.record(seconds(wait), attributes, around);
        if (wait.isNew === true) instruments.create.record(seconds(wait), attributes, around);
      },
    });
  }

  /** How long a runner had its connection. */
  used(queue: MeasurementQueue, use: ConnectionUse): void {
    const attributes = this.of(use.target);
    const around = context.active();
    queue.add({
      record: (instruments) => {
        instruments.use.record(seconds(use), attributes, around);
      },
    });
  }

  private of(target: DatabaseTarget): Attributes {
    let attributes = this.attributes.get(target);
    if (attributes === undefined)
      this.attributes.set(target, (attributes = { [SEMCONV.poolName]: poolName(target) }));
    return attributes;
  }
}

function seconds({ clockMs, endMs }: ConnectionUse): number {
  return (endMs - clockMs) / 1_000;
}
