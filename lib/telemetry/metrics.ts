import {
  createNoopMeter,
  metrics,
  type Counter,
  type Histogram,
  type Meter,
  type MeterProvider,
} from '@opentelemetry/api';
import { MeasurementQueue } from './measurement-queue.js';
import type { PoolMetrics } from './pool-metrics.js';

/** Seconds, as the convention advises. */
const DURATION_BUCKETS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];
const ROW_BUCKETS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000];
const QUERY_BUCKETS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

/** The instruments of one meter provider. */
export interface Instruments {
  readonly duration: Histogram;
  readonly rows: Histogram;
  readonly wait: Histogram;
  readonly create: Histogram;
  readonly use: Histogram;
  readonly timeouts: Counter;
  readonly findings: Counter;
  readonly queriesPerUnit: Histogram;
  readonly cacheHits: Counter;
  readonly cacheMisses: Counter;
  readonly cacheFailures: Counter;
}

/** The meter of the SDK that is registered now. Unlike tracers, meters of the API stay dead when the SDK comes later. */
export class MeterSource {
  private provider: MeterProvider | undefined;
  private instruments: Instruments | undefined;
  private queue: MeasurementQueue | undefined;
  private pools: PoolMetrics | undefined;

  constructor(
    private readonly name: string,
    private readonly version: string,
    private readonly watchPools: (meter: Meter, collecting: () => void) => PoolMetrics,
  ) {}

  /** Undefined without an SDK. */
  current(): Instruments | undefined {
    const provider = metrics.getMeterProvider();
    if (provider !== this.provider) {
      this.close();
      this.provider = provider;
      const meter = provider.getMeter(this.name, this.version);
      this.instruments = meter === createNoopMeter() ? undefined : this.open(meter);
    }
    return this.instruments;
  }

  private open(meter: Meter): Instruments {
    const queue = (this.queue = new MeasurementQueue());
    const instruments = instrumentsOf(meter, queue);
    // An SDK asks the observed before it collects the rest, so what is collected is whole.
    this.pools = this.watchPools(meter, () => {
      queue.flush();
    });
    return instruments;
  }

  /** Hands over what has been measured. */
  readonly flush = (): void => {
    this.queue?.flush();
  };

  /** Pools are not looked at any more, and nobody hears when something is collected. */
  close(): void {
    this.pools?.close();
    this.pools = undefined;
    this.queue?.close();
  }
}

function instrumentsOf(meter: Meter, queue: MeasurementQueue): Instruments {
  const seconds = (name: string, description: string): Histogram =>
    queue.late(
      meter.createHistogram(name, {
        description,
        unit: 's',
        advice: { explicitBucketBoundaries: DURATION_BUCKETS },
      }),
    );
  const accesses = (name: string, description: string): Counter =>
    meter.createCounter(`query_lens.cache.${name}`, { description, unit: '{access}' });
  return {
    duration: seconds('db.client.operation.duration', 'Duration of database client operations.'),
    rows: queue.late(
      meter.createHistogram('db.client.response.returned_rows', {
        description: 'The actual number of records returned by the database operation.',
        unit: '{row}',
        advice: { explicitBucketBoundaries: ROW_BUCKETS },
      }),
    ),
    wait: seconds(
      'db.client.connection.wait_time',
      'The time it took to obtain an open connection from the pool.',
    ),
    create: seconds('db.client.connection.create_time', 'The time it took to create a new connection.'),
    use: seconds(
      'db.client.connection.use_time',
      'The time between borrowing a connection and returning it to the pool.',
    ),
    timeouts: meter.createCounter('db.client.connection.timeouts', {
      description: 'The number of connection timeouts that have occurred trying to obtain a connection.',
      unit: '{timeout}',
    }),
    findings: meter.createCounter('query_lens.findings', {
      description: 'Findings of QueryLens, each time a unit of work shows one.',
      unit: '{finding}',
    }),
    queriesPerUnit: queue.late(
      meter.createHistogram('query_lens.queries_per_unit', {
        description: 'Statements of one request, job or other unit of work.',
        unit: '{query}',
        advice: { explicitBucketBoundaries: QUERY_BUCKETS },
      }),
    ),
    cacheHits: accesses('hits', 'Look-ups that a cache answered.'),
    cacheMisses: accesses('misses', 'Look-ups that a cache could not answer.'),
    cacheFailures: accesses('failures', 'Accesses that failed in the store.'),
  };
}
