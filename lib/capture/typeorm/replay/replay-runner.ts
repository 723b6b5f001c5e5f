import type { SendQuery, SessionRow } from '../../../investigation/sql-session.js';
import type { FormFigures } from '../../../investigation/loading/form-run.js';
import { explainable } from '../../../investigation/explainable.js';
import type { SqlDialect } from '../../../sql/sql-dialect.js';
import { monotonicMs } from '../../clock.js';

/** How much one form may take. */
export interface ReplayLimits {
  readonly maxRows: number;
  readonly maxStatements: number;
  /** For all its statements together. */
  readonly maxMs: number;
}

/** Where statements are sent. */
export interface ReplayLine {
  readonly dialect: SqlDialect;
  readonly send: SendQuery;
  readonly receivedBytes: () => number | undefined;
}

/** Why a form was not run to its end. */
export class ReplayStopped extends Error {}

/** Nobody of the application hears of what is loaded here. */
const SILENT = {
  broadcast: (): Promise<void> => Promise.resolve(),
  broadcastLoadEvent: (): void => undefined,
  broadcastLoadEventsForAll: (): Promise<void> => Promise.resolve(),
};

/** What a query runner answers when it is asked for a structured result. */
interface StructuredResult {
  readonly raw: readonly SessionRow[];
  readonly records: readonly SessionRow[];
}

/**
 * Stands in the place of a query runner of TypeORM: sends reads on a session of QueryLens, past the loggers, subscribers
 * and listeners of the application, refuses everything else, and measures.
 */
export class ReplayRunner {
  readonly broadcaster = SILENT;
  readonly data = {};
  readonly isReleased = false;
  /** There is one, which is not TypeORM's: it must not begin another. */
  readonly isTransactionActive = true;
  private statements = 0;
  private rows = 0;
  private values = 0;
  private readonly startMs = monotonicMs();
  private readonly startBytes: number | undefined;
  /** Text of the first statement. */
  firstStatement: string | undefined;

  constructor(
    /** The data source. */
    readonly connection: { readonly manager: object },
    private readonly line: ReplayLine,
    private readonly limits: ReplayLimits,
  ) {
    this.startBytes = line.receivedBytes();
  }

  get manager(): object {
    return this.connection.manager;
  }

  /** TypeORM 1.x. */
  get dataSource(): object {
    return this.connection;
  }

  readonly query = async (
    text: string,
    values: readonly unknown[] = [],
    isStructured = false,
  ): Promise<StructuredResult | readonly SessionRow[]> => {
    this.firstStatement ??= text;
    const { maxStatements, maxMs, maxRows } = this.limits;
    if (++this.statements > maxStatements)
      throw new ReplayStopped('it sends more statements than are run again');
    if (monotonicMs() - this.startMs > maxMs)
      throw new ReplayStopped('it takes longer than verifyAdvice.statementTimeoutMs');
    if (!isRead(text, this.line.dialect)) throw new ReplayStopped('it is no plain read');
    const rows = await this.line.send(text, values);
    this.rows += rows.length;
    this.values += rows.length * Object.keys(rows[0] ?? {}).length;
    if (this.rows > maxRows) throw new ReplayStopped('it reads more rows than verifyAdvice.maxRows');
    return isStructured ? { raw: rows, records: rows } : rows;
  };

  readonly release = (): Promise<void> => Promise.resolve();

  /** What was sent and received so far. */
  figures(): FormFigures {
    const { statements, rows, values, startBytes } = this;
    const endBytes = this.line.receivedBytes();
    const bytes = startBytes === undefined || endBytes === undefined ? undefined : endBytes - startBytes;
    const ms = monotonicMs() - this.startMs;
    return { statements, rows, values, ms, ...(bytes === undefined ? {} : { bytes }) };
  }
}

function isRead(text: string, dialect: SqlDialect): boolean {
  return /^\s*(SELECT|WITH)\b/i.test(text) && explainable(text, undefined, dialect).kind === 'explainable';
}
