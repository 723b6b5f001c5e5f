import type {
  Attributes,
  BatchObservableResult,
  Meter,
  Observable,
  ObservableUpDownCounter,
} from '@opentelemetry/api';
import type { PoolReading } from '../record/pool-reading.js';
import { poolName } from './pool-name.js';
import { SEMCONV } from './semconv.js';

/** What pools say of themselves when somebody asks for it. */
export class PoolMetrics {
  private readonly count: ObservableUpDownCounter;
  private readonly pending: ObservableUpDownCounter;
  private readonly limit: ObservableUpDownCounter;
  private readonly idleMin: ObservableUpDownCounter;
  private readonly idleMax: ObservableUpDownCounter;

  constructor(
    private readonly meter: Meter,
    private readonly readings: () => readonly PoolReading[],
    /** Also what the instrumentation of `pg` counts. */
    private readonly isDoubling: boolean,
    /** Told that somebody is collecting. */
    private readonly collecting: () => void,
  ) {
    const counter = (name: string, unit: string, description: string) =>
      meter.createObservableUpDownCounter(name, { unit, description });
    this.count = counter(
      'db.client.connection.count',
      '{connection}',
      'The number of connections that are currently in the state described by the state attribute.',
    );
    this.pending = counter(
      'db.client.connection.pending_requests',
      '{request}',
      'The number of current pending requests for an open connection.',
    );
    this.limit = counter(
      'db.client.connection.limit',
      '{connection}',
      'The maximum number of open connections allowed.',
    );
    this.idleMin = counter(
      'db.client.connection.idle.min',
      '{connection}',
      'The minimum number of idle open connections allowed.',
    );
    this.idleMax = counter(
      'db.client.connection.idle.max',
      '{connection}',
      'The maximum number of idle open connections allowed.',
    );
    meter.addBatchObservableCallback(this.observe, this.all);
  }

  close(): void {
    this.meter.removeBatchObservableCallback(this.observe, this.all);
  }

  private get all(): Observable[] {
    return [this.count, this.pending, this.limit, this.idleMin, this.idleMax];
  }

  /** Pools of one name, replicas or two data sources of one database, are one. */
  private readonly observe = (result: BatchObservableResult): void => {
    this.collecting();
    const pools = new Map<string, PoolReading[]>();
    for (const reading of this.readings()) {
      const name = poolName(reading.target);
      pools.set(name, [...(pools.get(name) ?? []), reading]);
    }
    for (const [name, readings] of pools) this.observePool(result, { [SEMCONV.poolName]: name }, readings);
  };

  private observePool(
    result: BatchObservableResult,
    attributes: Attributes,
    readings: readonly PoolReading[],
  ): void {
    const { count, pending, limit, idleMin, idleMax } = this;
    const observe = (
      counter: ObservableUpDownCounter,
      valueOf: (reading: PoolReading) => number | undefined,
      of: Attributes = attributes,
    ): void => {
      const values = readings.map(valueOf).filter((value) => value !== undefined);
      if (values.length > 0)
        result.observe(
          counter,
          values.reduce((total, value) => total + value, 0),
          of,
        );
    };
    const isCounted = readings.some(
      ({ target, isDriverInstrumented }) => isDriverInstrumented && target.driver === 'postgres',
    );
    if (this.isDoubling || !isCounted) {
      observe(count, ({ gauge }) => gauge.idle, { ...attributes, [SEMCONV.poolState]: 'idle' });
      observe(count, ({ gauge }) => gauge.inUse, { ...attributes, [SEMCONV.poolState]: 'used' });
      observe(pending, ({ gauge }) => gauge.waiting);
    }
    observe(limit, ({ gauge }) => (gauge.size > 0 ? gauge.size : undefined));
    observe(idleMin, ({ idleMin: least }) => least);
    observe(idleMax, ({ idleMax: most }) => most);
  }
}
