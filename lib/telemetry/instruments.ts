import type { Counter, Histogram, Meter } from '@opentelemetry/api';

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

/** With the buckets that the convention advises. */
export function instrumentsOf(meter: Meter): Instruments {
  const seconds = (name: string, description: string): Histogram =>
    meter.createHistogram(name, {
      description,
      unit: 's',
      advice: { explicitBucketBoundaries: DURATION_BUCKETS },
    });
  const accesses = (name: string, description: string): Counter =>
    meter.createCounter(`query_lens.cache.${name}`, { description, unit: '{access}' });
  return {
    duration: seconds('db.client.operation.duration', 'Duration of database client operations.'),
    rows: meter.createHistogram('db.client.response.returned_rows', {
      description: 'The actual number of records returned by the database operation.',
      unit: '{row}',
      advice: { explicitBucketBoundaries: ROW_BUCKETS },
    }),
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
    queriesPerUnit: meter.createHistogram('query_lens.queries_per_unit', {
      description: 'Statements of one request, job or other unit of work.',
      unit: '{query}',
      advice: { explicitBucketBoundaries: QUERY_BUCKETS },
    }),
    cacheHits: accesses('hits', 'Look-ups that a cache answered.'),
    cacheMisses: accesses('misses', 'Look-ups that a cache could not answer.'),
    cacheFailures: accesses('failures', 'Accesses that failed in the store.'),
  };
}
