import type { TrackReads } from './entity-reads.js';
import type { LiveTracer } from './live-tracer.js';
import type { UnitRecorder } from './unit-recorder.js';

/** Where the records of the running code go. Read once, when a statement or load starts; never again at its end. */
export interface RecordScope {
  readonly recorder: UnitRecorder;
  /** The innermost load that is running. */
  readonly load?: number;
  /** GraphQL: the response field being resolved. */
  readonly fieldPath?: string;
  /** The innermost computation of a missing cache entry that is running: the id of its {@link CacheRecord}. */
  readonly computation?: number;
  /** The cache access whose stores are being asked. Owned by capture. */
  readonly access?: object;
}

/** The port between capture and context: capture writes records through it and knows nothing of requests. */
export interface RecordSink {
  /** Which loads are watched for what is read of them. @defaultValue 'off' */
  readonly trackReads?: TrackReads;
  /** Who watches statements and other work live; absent: nobody. */
  readonly tracer?: LiveTracer;
  /** Whether the first lazy read of one entity loads the relation for its whole list. @defaultValue false */
  readonly autoBatch?: boolean;
  /** Whether loads are kept that can be run again. @defaultValue false */
  readonly keepsReplays?: boolean;
  /**
   * The unit of work of the running code, or the `bootstrap` / `background` unit that takes what belongs to no other.
   * Undefined when recording is switched off.
   */
  scope(): RecordScope | undefined;
  /** Runs `work` so that every statement and load it starts, at any distance, carries the load's id. */
  within<T>(scope: RecordScope, load: number, work: () => T): T;
  /** Runs `work` so that what it starts, at any distance, carries the computation or the cache access. */
  inside?<T>(scope: RecordScope, part: Pick<RecordScope, 'computation' | 'access'>, work: () => T): T;
  /**
   * A data source that may be recorded here: it is being opened and has sent no statement yet, or the user has handed it
   * over, perhaps with a name.
   */
  opened?(dataSource: object, name?: string): void;
  /** Reports a failure of QueryLens itself; must not throw. */
  failed(where: string, error: unknown): void;
}
