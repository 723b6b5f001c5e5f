import type { QueryError } from './query-record.js';
import type { SpanIdentity } from './span-identity.js';
import type { CapturedStack, UnitRecorder } from './unit-recorder.js';

/** The database server behind a statement, as far as it is known without asking it. The same object while nothing changes. */
export interface DatabaseTarget {
  /** TypeORM's driver type: `postgres`, `better-sqlite3`. */
  readonly driver: string;
  readonly database?: string;
  /** The first of the search path, where the database has one. */
  readonly schema?: string;
  /** Host name, or the path of a socket. */
  readonly address?: string;
  readonly port?: number;
  /** What the server listens on unless it is told otherwise. */
  readonly defaultPort?: number;
}

/** The call of the entity manager or repository that a statement belongs to. */
export interface CallAround {
  /** `find`, `save`, `insert`. */
  readonly operation: string;
  /** The entity's table. */
  readonly table?: string;
}

/** The relation that a statement loads. */
export interface RelationAround {
  /** `Author.books` */
  readonly name: string;
  readonly strategy: string;
  /** Entities that were loaded together with the parent. */
  readonly parentBatchSize: number;
}

/** The open transaction of a query runner. */
export interface TransactionAround {
  readonly id: number;
  /** Statements of the transaction so far, this one included; absent for one that begins or ends it. */
  readonly position?: number;
}

/** What is known of a statement when it starts. */
export interface StatementStart {
  readonly statement: string;
  /** The values, by reference: to be looked at now and not to be kept. */
  readonly parameters: unknown;
  readonly hasParameters: boolean;
  readonly target: DatabaseTarget;
  /** Another instrumentation sits on the driver and makes a span of its own for each statement. */
  readonly isDriverInstrumented: boolean;
  readonly dataSource: string;
  /** Only where replication is configured. */
  readonly server?: 'primary' | 'replica';
  readonly unit: UnitRecorder;
  readonly call?: CallAround;
  readonly relation?: RelationAround;
  readonly transaction?: TransactionAround;
  /** What it is part of, where the running code cannot tell: a transaction, a stream. */
  readonly within?: LiveWork;
  /** Monotonic clock, in milliseconds. */
  readonly clockMs: number;
}

/** How a statement ended. */
export interface StatementEnd {
  readonly clockMs: number;
  /** Time waited for a connection, in milliseconds. */
  readonly waitMs: number;
  readonly rowsReturned?: number;
  readonly error?: QueryError;
  /** Where the statement came from, when that was captured. */
  readonly stack?: CapturedStack;
}

interface WorkBase {
  /** Monotonic clock, in milliseconds. */
  readonly clockMs: number;
  /** The transaction it runs in. */
  readonly within?: LiveWork;
}

/** A unit of work that nobody else has a span for. */
export interface UnitWorkStart extends WorkBase {
  readonly kind: 'unit';
  readonly unit: UnitRecorder;
}

/** From `startTransaction` to its commit or rollback. */
export interface TransactionWorkStart extends WorkBase {
  readonly kind: 'transaction';
  readonly id: number;
  readonly target: DatabaseTarget;
}

/** A relation whose loading takes several statements: of what is loaded with it, too. */
export interface RelationWorkStart extends WorkBase {
  readonly kind: 'relation';
  readonly relation: RelationAround;
}

/** A stream of rows, until it is closed. */
export interface StreamWorkStart extends WorkBase {
  readonly kind: 'stream';
  readonly statement: string;
  readonly target: DatabaseTarget;
}

/** The time that a query runner had a connection of the pool. Monotonic clock, in milliseconds. */
export interface ConnectionUse {
  readonly target: DatabaseTarget;
  readonly clockMs: number;
  readonly endMs: number;
}

/** A wait for a connection of the pool. It is over when it is reported, by {@link LiveTracer.waited}. */
export interface ConnectionWait extends ConnectionUse {
  /** The pool opened a connection for it. */
  readonly isNew?: boolean;
  readonly error?: QueryError;
}

/** What a live span can be made of, besides statements. */
export type WorkStart = UnitWorkStart | TransactionWorkStart | RelationWorkStart | StreamWorkStart;

/** How such work ended; what is absent does not apply, or is not known. */
export interface WorkEnd {
  readonly clockMs: number;
  readonly error?: QueryError;
  readonly rows?: number;
  readonly statements?: number;
  /** Of a transaction. */
  readonly outcome?: 'committed' | 'rolled-back' | 'abandoned';
  /** Time of a transaction without a statement, in milliseconds. */
  readonly idleMs?: number;
}

/** Something that has started and is being watched. */
export interface Live {
  /** Runs the host's own call, so that what it does belongs below. Values and errors pass unchanged. */
  run<T>(work: () => T): T;
}

/** A statement on its way. */
export interface LiveStatement extends Live {
  readonly identity?: SpanIdentity;
  end(end: StatementEnd): void;
}

/** Other work on its way. */
export interface LiveWork extends Live {
  /** Of a unit of work: the trace that it is part of. */
  readonly traceId?: string;
  end(end: WorkEnd): void;
}

/**
 * The port to whoever watches live, such as OpenTelemetry: it is told of statements before the driver has them. Capture
 * guards its calls: whatever a tracer throws, the host goes on.
 */
export interface LiveTracer {
  /** False while nobody listens: nothing has to be prepared. As of the last {@link LiveTracer.look}. */
  readonly isOn: boolean;
  /** Looks who listens now, and answers {@link LiveTracer.isOn}: when a unit of work begins, and outside of units each time. */
  look(): boolean;
  statement(start: StatementStart): LiveStatement | undefined;
  work(start: WorkStart): LiveWork | undefined;
  waited(wait: ConnectionWait): void;
  used?(use: ConnectionUse): void;
  /** What a comment in a statement of the unit says; undefined: there is none. Asked whether {@link isOn} or not. */
  tags?(unit: UnitRecorder, live: LiveStatement | undefined): Readonly<Record<string, string>> | undefined;
}
