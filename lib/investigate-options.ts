import { filled, isBoolean, isFigure, isInvestigateMode, refuseUnless } from './option-checks.js';

/**
 * When plans are read. `background`: of slow statements, some a minute. `on-request`: only when
 * `QueryLensService.investigate()` is called. `off`: never.
 */
export type InvestigateMode = 'background' | 'on-request' | 'off';

/** Which plans QueryLens reads, and what it may do for it. */
export interface InvestigateOptions {
  /** @defaultValue `'background'`; `'on-request'` where NODE_ENV is `production` or `test` */
  readonly mode: InvestigateMode;
  /** Statements that are looked at in a minute, in the background. @defaultValue 6 */
  readonly maxPerMinute: number;
  /** The database gives up an explanation, or its wait for a lock, after so many milliseconds. @defaultValue 5000 */
  readonly statementTimeoutMs: number;
  /**
   * Try indexes, to see what they help. PostgreSQL without HypoPG: built in a transaction that is rolled back, which locks the
   * table against writes for as long. MySQL and MariaDB: built on a temporary copy of the table. SQLite: in an empty copy of the
   * schema, in memory. For development and tests.
   * @defaultValue false
   */
  readonly trialIndexes: boolean;
  /**
   * Use the application's own connection, a transaction at a time, where there is but one (PGlite, SQLite in memory). Of SQLite
   * the schema, the statistics and some hundred values are read there.
   * @defaultValue false
   */
  readonly borrowConnection: boolean;
  /**
   * Keep the values of each statement's slowest call in memory, and plan with them. Without, plans are those of a
   * prepared statement. They are never shown.
   * @defaultValue false
   */
  readonly useValues: boolean;
  /** Run statements (`EXPLAIN ANALYZE`, in a read-only transaction; PostgreSQL and MariaDB) to see real rows and times. @defaultValue false */
  readonly analyze: boolean;
}

export const DEFAULT_INVESTIGATE: InvestigateOptions = {
  mode: 'background',
  maxPerMinute: 6,
  statementTimeoutMs: 5_000,
  trialIndexes: false,
  borrowConnection: false,
  useValues: false,
  analyze: false,
};

/** Outside of production an extra connection now and then hurts nobody; tests count statements and close databases. */
export function defaultInvestigateMode(environment: string | undefined): InvestigateMode {
  return environment === 'production' || environment === 'test' ? 'on-request' : DEFAULT_INVESTIGATE.mode;
}

const FIGURES: ReadonlySet<string> = new Set<keyof InvestigateOptions>([
  'maxPerMinute',
  'statementTimeoutMs',
]);

/** @throws QueryLensError QL001, QL002 */
export function resolveInvestigate(given: Partial<InvestigateOptions> = {}): InvestigateOptions {
  const mode = defaultInvestigateMode(process.env['NODE_ENV']);
  const options = filled('investigate', { ...DEFAULT_INVESTIGATE, mode }, given);
  for (const [name, value] of Object.entries(options)) {
    const option = `investigate.${name}`;
    if (name === 'mode')
      refuseUnless("'background', 'on-request' or 'off'", option, value, isInvestigateMode);
    else if (FIGURES.has(name)) refuseUnless('a number of 0 or more', option, value, isFigure);
    else refuseUnless('true or false', option, value, isBoolean);
  }
  return options;
}
