import type { CallSite } from '../record/call-site.js';
import type { ReplicaConcern } from '../statistics/replica-read.js';

/** Reads of one statement on one route that went to a server worth a word. */
export interface ReplicaReadReport {
  readonly concern: ReplicaConcern;
  readonly route: string;
  readonly fingerprint: string;
  /** Normalised text: values as `?`. */
  readonly statement: string;
  /** The table that the unit of work had written before. */
  readonly table?: string;
  readonly count: number;
  /** ISO 8601. */
  readonly lastSeen: string;
  readonly callSites: readonly CallSite[];
}

/** Where the reads of a data source with replicas went. Facts: who wants the primary has said so in the code. */
export interface ReplicationReport {
  readonly dataSource: string;
  /** Statements that read, by the server that answered. */
  readonly reads: { readonly primary: number; readonly replica: number };
  /** Reads on the primary that a replica could have answered: no lock, no transaction, no `save()`, no write before them in their unit of work. */
  readonly primaryWithoutNeed: number;
  /** Reads on a replica of what their unit of work had written just before. */
  readonly replicaAfterWrite: number;
  /** Most frequent first; at most 50. */
  readonly places: readonly ReplicaReadReport[];
}
