import type { CallSite } from '../record/call-site.js';
import type { ExplainableStatement } from './explainer.js';

/** A statement worth investigating, with what it costs the application. */
export interface Suspect {
  /** See `investigationKey`. */
  readonly key: string;
  readonly dataSource: string;
  readonly fingerprint: string;
  /** The normalised text. */
  readonly text: string;
  /** `SELECT flights` */
  readonly name: string;
  readonly statement: ExplainableStatement;
  readonly calls: number;
  /** Execution, all calls, for each hour that was watched. */
  readonly msPerHour: number;
  readonly meanMs: number;
  readonly rowsPerCall: number;
  readonly isSlow: boolean;
  /** The route it takes most time on. */
  readonly route: string;
  readonly callSites: readonly CallSite[];
  /** Milliseconds since the epoch. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly traceIds: readonly string[];
}
