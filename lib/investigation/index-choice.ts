import { TrialRefused, type Explained, type Explainer } from './explainer.js';
import { indexKey, indexText, type IndexDefinition } from './index-definition.js';
import { isWorth, weigh } from './plan-weight.js';
import type { QueryPlan } from './query-plan.js';
import type { Suspect } from './suspect.js';
import {
  factsOfTable,
  unitOf,
  type Examined,
  type Served,
  type Workload,
  type WorkloadIndex,
} from './workload-index.js';

/** RULINGS: an index that makes another statement this much dearer is not suggested. */
export const DEARER = 1.1;

/** Indexes that were chosen, and the plans with them. */
export interface ChosenIndexes extends Workload {
  readonly plans: ReadonlyMap<Examined, QueryPlan>;
}

/**
 * Again and again the index that saves most, each statement counted with those chosen before, until none halves the cost of a
 * statement any more.
 */
export class IndexChoice {
  private readonly chosen: WorkloadIndex[] = [];
  private readonly refused = new Map<string, string>();
  /** With what was chosen so far. */
  private readonly plans: Map<Examined, QueryPlan>;

  constructor(
    private readonly explainer: Explainer,
    private readonly how: string,
    private readonly examined: readonly Examined[],
    private pool: readonly IndexDefinition[],
  ) {
    this.plans = new Map(examined.map((each) => [each, each.judgement.explained.plan]));
  }

  async run(): Promise<ChosenIndexes> {
    while (this.pool.length > 0) {
      const rated: Rating[] = [];
      for (const index of this.pool) {
        const rating = await this.rate(index);
        if (rating !== undefined) rated.push(rating);
      }
      const [best] = [...rated].sort((a, b) => b.found.savedMsPerHour - a.found.savedMsPerHour);
      if (best === undefined) break;
      this.choose(best);
    }
    return { indexes: this.chosen, refused: this.refused, plans: this.plans };
  }

  /** What the index saves on top of those chosen; undefined where it halves no cost, or makes another statement dearer. */
  private async rate(index: IndexDefinition): Promise<Rating | undefined> {
    const served: Served[] = [];
    const plans = new Map<Examined, QueryPlan>();
    let saved = 0;
    let bytes: number | undefined;
    for (const each of this.examined) {
      if (!each.judgement.explained.tables.some(({ name }) => name === index.table.name)) continue;
      const present = this.plans.get(each) ?? each.judgement.explained.plan;
      const explained = await this.with(index, each);
      if (explained === undefined) continue;
      const { plan, tried } = explained;
      const unit = unitOf(each);
      const before = weigh(present, unit) ?? 0;
      const after = weigh(plan, unit) ?? Infinity;
      bytes = tried.at(-1)?.bytes;
      if (after > before * DEARER) {
        this.refuse(index, each.suspect, before, after);
        return undefined;
      }
      if (tried.at(-1)?.isUsed !== true || !isWorth(present, plan, index.table.name)) continue;
      served.push({ suspect: each.suspect, unit, before, after });
      plans.set(each, plan);
      saved += savedBy(each.suspect, before, after);
    }
    if (served.length === 0) return undefined;
    served.sort((a, b) => savedBy(b.suspect, b.before, b.after) - savedBy(a.suspect, a.before, a.after));
    const facts = factsOfTable(this.examined, index);
    const found: WorkloadIndex = {
      index,
      how: this.how,
      served,
      savedMsPerHour: saved,
      ...(bytes === undefined ? {} : { bytes }),
      ...(facts === undefined ? {} : { facts }),
    };
    return { found, plans };
  }

  /** Undefined where this statement cannot be tried: it has no say then. */
  private async with(index: IndexDefinition, { suspect }: Examined): Promise<Explained | undefined> {
    const indexes = [...this.chosen.map((chosen) => chosen.index), index];
    try {
      return await this.explainer.explain(suspect.statement, indexes);
    } catch (error) {
      if (error instanceof TrialRefused) return undefined;
      throw error;
    }
  }

  private refuse(index: IndexDefinition, suspect: Suspect, before: number, after: number): void {
    const percent = Math.round((after / before - 1) * 100);
    const reason = `An index on ${indexText(index)} would help, but makes ${suspect.name} ${percent} % dearer.`;
    for (const { judgement, suspect: own } of this.examined)
      if (judgement.indexes.some((other) => indexKey(other) === indexKey(index)))
        this.refused.set(own.key, reason);
  }

  private choose({ found, plans }: Rating): void {
    this.chosen.push(found);
    this.pool = this.pool.filter((index) => indexKey(index) !== indexKey(found.index));
    for (const [each, plan] of plans) this.plans.set(each, plan);
  }
}

/** What an index does, and the plans with it of the statements that it serves. */
interface Rating {
  readonly found: WorkloadIndex;
  readonly plans: ReadonlyMap<Examined, QueryPlan>;
}

function savedBy({ msPerHour }: Suspect, before: number, after = before): number {
  return before <= 0 ? 0 : msPerHour * (1 - after / before);
}
