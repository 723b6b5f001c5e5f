/** What goes out through `@opentelemetry/api`. Without an OpenTelemetry SDK in the application nothing does. */
export interface TelemetryOptions {
  /** A span for each statement, and around them. @defaultValue true */
  readonly spans: boolean;
  /**
   * What becomes of the spans that instrumentations of `pg` and `mysql2` make of the same statements: `'suppress'` silences
   * everything below a statement, `'auto'` does so where the driver is instrumented, `'keep'` leaves the statements of
   * an instrumented driver to that instrumentation.
   * @defaultValue 'auto'
   */
  readonly driverSpans: 'auto' | 'suppress' | 'keep';
  /** A unit of work gets a span of its own where none is active: cron, queue. @defaultValue true */
  readonly rootSpans: boolean;
  /** `db.response.returned_rows`, which OpenTelemetry leaves out unless asked. @defaultValue true */
  readonly rowCounts: boolean;
  /**
   * Metrics. `'auto'` leaves out `db.client.operation.duration` where the instrumentation of `pg` counts it already.
   * @defaultValue 'auto'
   */
  readonly metrics: boolean | 'auto';
  /**
   * A log record for each slow or failing statement and each finding, where the application has a logger provider.
   * @defaultValue true
   */
  readonly logs: boolean;
  /** Parameters that may be shown, by position: `['0']` is the first of each statement. @defaultValue none */
  readonly parameters: readonly string[];
  /**
   * Further words of cache keys that may be shown: `['session']`. Known without are words of entities, tables, columns,
   * routes and handlers, and some hundred that are common in keys; every other is `*`.
   * @defaultValue none
   */
  readonly cacheKeyWords: readonly string[];
  /**
   * A comment behind each statement on PostgreSQL, CockroachDB, MySQL and MariaDB that says which route or handler sent it;
   * with `{ traceparent: true }` also which span, which makes each text unique. Needs no SDK but for that.
   * @defaultValue false
   */
  readonly sqlComments: boolean | { readonly traceparent?: boolean };
}

export const DEFAULT_TELEMETRY: TelemetryOptions = {
  spans: true,
  driverSpans: 'auto',
  rootSpans: true,
  rowCounts: true,
  metrics: 'auto',
  logs: true,
  parameters: [],
  cacheKeyWords: [],
  sqlComments: false,
};
