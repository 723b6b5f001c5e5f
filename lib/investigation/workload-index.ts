import type { IndexDefinition } from './index-definition.js';
import type { Judgement } from './judge-statement.js';
import { weightUnit, type WeightUnit } from './plan-weight.js';
import type { Suspect } from './suspect.js';
import type { TableFacts } from './table-facts.js';

/** A statement that was judged. */
export interface Examined {
  readonly suspect: Suspect;
  readonly judgement: Judgement;
}

/** What an index does for one statement. */
export interface Served {
  readonly suspect: Suspect;
  /** Of `before` and `after`. */
  readonly unit: WeightUnit;
  readonly before: number;
  /** Undefined where it could not be tried. */
  readonly after?: number;
}

/** One index for the whole workload. */
export interface WorkloadIndex {
  readonly index: IndexDefinition;
  readonly facts?: TableFacts;
  /** How it was tried; undefined for a suggestion. */
  readonly how?: string;
  /** Why it was not. */
  readonly untried?: string;
  readonly bytes?: number;
  /** Greatest saving first; never empty. */
  readonly served: readonly Served[];
  /** Of all statements together, as far as cost tells. */
  readonly savedMsPerHour: number;
}

/** What the plans of a statement are compared by. */
export function unitOf({ judgement }: Examined): WeightUnit {
  return weightUnit(judgement.explained.plan);
}

/** The table of an index, as statements on it have learnt it. */
export function factsOfTable(
  examined: readonly Examined[],
  { table }: IndexDefinition,
): TableFacts | undefined {
  const all = examined.flatMap(({ judgement }) => judgement.facts);
  return all.find((facts) => facts.table.name === table.name && facts.table.schema === table.schema);
}

/** Indexes for all statements, and why a statement's own one is not among them. */
export interface Workload {
  readonly indexes: readonly WorkloadIndex[];
  readonly refused: ReadonlyMap<string, string>;
}
