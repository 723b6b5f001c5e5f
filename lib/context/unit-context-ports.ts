import type { TrackReads } from '../record/entity-reads.js';
import type { LiveTracer } from '../record/live-tracer.js';
import type { UnitLimits } from '../record/unit-limits.js';
import type { EndedRecording } from './running-unit.js';

/** What a context needs of the application around it. */
export interface UnitContextPorts {
  readonly limits: UnitLimits;
  /** @defaultValue 'off' */
  readonly trackReads?: TrackReads;
  /** Who watches statements live. */
  readonly tracer?: LiveTracer;
  /** @defaultValue false */
  readonly autoBatch?: boolean;
  /** @defaultValue false */
  readonly keepsReplays?: boolean;
  /** Of the trace that is active now. */
  traceId(): string | undefined;
  /** Takes a finished recording. Called on the request path: must only keep it. */
  ended(recording: EndedRecording): void;
  /** Takes a data source that is being opened, or was handed over by the user. */
  opened?(dataSource: object, name?: string): void;
  /** Takes a failure of QueryLens itself. */
  failed(where: string, error: unknown): void;
}
