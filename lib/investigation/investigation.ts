import type { Advice } from '../analysis/finding.js';
import type { QueryPlan } from './query-plan.js';

/** What was found out about one statement of one data source. */
export interface Investigation {
  readonly dataSource: string;
  readonly fingerprint: string;
  /** Milliseconds since the epoch. */
  readonly investigatedAt: number;
  readonly plan?: QueryPlan;
  /** The plan before, where the present one has another shape and is dearer. */
  readonly previousPlan?: QueryPlan;
  readonly advice: readonly Advice[];
  /** Why there is no plan, or no advice. */
  readonly whyNot?: string;
}

/** By {@link investigationKey}. */
export type KnownInvestigations = ReadonlyMap<string, Investigation>;

/** The same key as statements have in the statistics. */
export function investigationKey(dataSource: string, fingerprint: string): string {
  return `${dataSource}\n${fingerprint}`;
}
