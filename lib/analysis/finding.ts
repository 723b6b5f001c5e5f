import type { CallSite } from '../record/call-site.js';

/** Every kind of finding, with the page in docs/findings that explains it. */
export const FINDING_KINDS = [
  'n-plus-one',
  'duplicate-query',
  'double-load',
  'unused-relation',
  'unused-columns',
  'cartesian-product',
  'truncated-relation',
  'wrong-relation',
  'unbounded-result',
  'count-per-row',
  'save-in-loop',
  'sequential-queries',
  'slow-query',
  'failing-query',
  'missing-index',
  'redundant-index',
  'unused-index',
  'cacheable-query',
  'cache-stampede',
  'cache-id-collision',
  'cache-ineffective',
  'cache-failure',
  'pool-wait',
  'connection-leak',
  'long-transaction',
  'idle-in-transaction',
  'over-budget',
] as const;

export type FindingKind = (typeof FINDING_KINDS)[number];

/** `error`: wrong rows or failed work. `warning`: time or load to win. `info`: worth knowing. */
export type Severity = 'error' | 'warning' | 'info';

/** The change to make. */
export interface Advice {
  /** What to do, in a sentence or two. */
  readonly text: string;
  /** The TypeORM code to write, right for the installed version. */
  readonly code?: string;
  /** Of a relation: how it is to be loaded, as in the verdict of the same name. */
  readonly choice?: 'join' | 'query' | 'batch';
  readonly verified?: {
    readonly rung: 'suggested' | 'planner-verified' | 'measured';
    readonly before: string;
    readonly after: string;
    readonly how: string;
    /** The same in figures, where both forms were run. */
    readonly measured?: { readonly before: MeasuredCost; readonly after: MeasuredCost };
  };
}

/** What one form of loading took: bytes where the driver has a socket of its own (pg, mysql2), time in milliseconds. */
export interface MeasuredCost {
  readonly statements: number;
  readonly rows: number;
  readonly bytes?: number;
  readonly timeMs: number;
}

/** What one occurrence cost. Milliseconds in which at least one of the statements was waiting
 * for a connection or running: statements side by side count once. */
export interface FindingCost {
  readonly statements: number;
  readonly rows: number;
  readonly timeMs: number;
  /** Bytes, where they were measured (pg, mysql2) or could be estimated (what is loaded and not read). */
  readonly bytes?: number;
}

/** One problem, seen in one unit of work or in the statistics. */
export interface Finding {
  readonly kind: FindingKind;
  readonly severity: Severity;
  /** One sentence: `Author.books was loaded 50 times, once per author`. */
  readonly title: string;
  /** Name of the unit of work: `GET /authors`. */
  readonly route: string;
  readonly dataSource: string;
  /** The cache and the pattern of its keys: `default author:*`. */
  readonly cacheKey?: string;
  /** The pool it is about: which of the data source's servers it belongs to. */
  readonly server?: 'primary' | 'replica';
  /** `Author.books`, or `Author by id` where no relation is known. */
  readonly relation?: string;
  readonly statement?: { readonly fingerprint: string; readonly text: string };
  readonly callSites: readonly CallSite[];
  /** Figures by name (`statements`, `distinctValues`, `parents`), and what was seen in words. */
  readonly evidence: {
    readonly text: string;
    readonly facts: Readonly<Record<string, string | number | boolean>>;
  };
  readonly cost: FindingCost;
  readonly advice: Advice;
  /** Why there is no advice. */
  readonly whyNot?: string;
}
