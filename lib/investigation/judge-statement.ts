import { TrialRefused, type Explained, type ExplainableStatement, type Explainer } from './explainer.js';
import { coveringForm, indexCandidates, partialForms, suggestedIndex } from './index-candidates.js';
import type { IndexDefinition } from './index-definition.js';
import type { IndexNeed } from './index-need.js';
import { isWorth, weigh, weightUnit, type WeightUnit } from './plan-weight.js';
import type { QueryPlan } from './query-plan.js';
import { MIN_COST, reasonAfter, reasonBefore, reasonOf } from './reasons.js';
import { coveringIndex, factsOf, type TableFacts } from './table-facts.js';

/** RULINGS: each further column must take away half of the cost again. */
const REQUIRED_COLUMN_SHARE = 0.5;
/** Tries for one statement: each is a plan, and on some databases an index that is built. */
const MAX_TRIES = 32;
/** Indexes for one statement: one for each side of a join. */
const MAX_INDEXES = 2;
/** Where an index on trial is really built, larger tables are left alone. */
export const MAX_BUILT_ROWS = 1_000_000;
/** A partial index saves the whole of what is not in it: it wins where it is this much smaller and not dearer. */
const PARTIAL_SIZE_SHARE = 0.5;
const SAME_COST = 1.1;

/** What was tried for a statement, and found. */
export interface Judgement {
  readonly explained: Explained;
  readonly facts: readonly TableFacts[];
  /** Indexes that together take the cost to `cost`; none where there is a reason. */
  readonly indexes: readonly IndexDefinition[];
  readonly cost?: number;
  readonly bytes?: number;
  /** Why the indexes were not tried, where they are suggestions only. */
  readonly untried?: string;
  readonly whyNot?: string;
}

interface Try {
  readonly index: IndexDefinition;
  readonly need: IndexNeed;
  readonly plan: QueryPlan;
  readonly cost: number;
  readonly isUsed: boolean;
  readonly bytes?: number;
}

/**
 * Looks for the indexes that make one statement at least twice as cheap: candidates from its plan, each tried against the
 * planner, narrow ones first, a wider one only where every further column halves the cost again.
 *
 * @throws whatever the database refuses the statement with
 */
export async function judgeStatement(
  explainer: Explainer,
  statement: ExplainableStatement,
): Promise<Judgement> {
  const explained = await explainer.explain(statement);
  const facts = await explainer.facts(explained.tables);
  const found = { explained, facts, indexes: [] };
  const whyNot = reasonBefore(explained, facts) ?? explained.whyNoNeeds;
  if (whyNot !== undefined) return { ...found, whyNot };
  return new IndexSearch(explainer, statement, explained, facts).run();
}

class IndexSearch {
  private tries = 0;
  private readonly chosen: Try[] = [];
  private readonly unit: WeightUnit;
  /** With what was chosen so far. */
  private plan: QueryPlan;
  private best: Try | undefined;
  private reason: string | undefined;

  constructor(
    private readonly explainer: Explainer,
    private readonly statement: ExplainableStatement,
    private readonly explained: Explained,
    private readonly facts: readonly TableFacts[],
  ) {
    this.unit = weightUnit(explained.plan);
    this.plan = explained.plan;
  }

  async run(): Promise<Judgement> {
    const { explained, facts, chosen } = this;
    const found = { explained, facts, indexes: [] };
    if (this.explainer.trial === undefined) return { ...found, ...this.untried(this.explainer.untried) };
    try {
      await this.search();
    } catch (error) {
      if (error instanceof TrialRefused) return { ...found, ...this.untried(error.message) };
      throw error;
    }
    if (chosen.length === 0) return { ...found, whyNot: this.whyNot() };
    const bytes = chosen.reduce((sum, { bytes = 0 }) => sum + bytes, 0);
    return {
      explained,
      facts,
      indexes: chosen.map(({ index }) => index),
      cost: this.weigh(this.plan),
      bytes,
    };
  }

  private async search(): Promise<void> {
    while (this.chosen.length < MAX_INDEXES && (await this.findOne())) {
      // Each one on top of those before.
    }
  }

  private async findOne(): Promise<boolean> {
    const tried: Try[] = [];
    for (const need of this.openNeeds()) {
      for (const index of this.candidates(need)) {
        if (this.tries >= MAX_TRIES) break;
        tried.push(await this.try(index, need));
      }
    }
    const [cheapest] = [...tried].sort((a, b) => Number(b.isUsed) - Number(a.isUsed) || a.cost - b.cost);
    this.best ??= cheapest;
    const plain = earning(tried, this.plan) ?? cheapest;
    if (plain === undefined) return false;
    const form = await this.bestForm(plain);
    if (!form.isUsed || !isWorth(this.plan, form.plan, form.index.table.name)) return false;
    this.chosen.push(form);
    this.plan = form.plan;
    return true;
  }

  private openNeeds(): readonly IndexNeed[] {
    return this.explained.needs.filter(
      ({ table }) => !this.chosen.some(({ index }) => index.table.name === table.name),
    );
  }

  private candidates(need: IndexNeed): readonly IndexDefinition[] {
    const facts = factsOf(this.facts, need.table);
    if (facts === undefined) return [];
    this.reason ??= reasonOf(need, facts) ?? this.tooLarge(facts);
    if (reasonOf(need, facts) !== undefined || this.tooLarge(facts) !== undefined) return [];
    return indexCandidates(need, facts).filter((index) => {
      const covering = coveringIndex(index, facts);
      if (covering !== undefined)
        this.reason = `${facts.table.name} has the index ${covering.name} (${covering.columns.join(', ')}) already, which begins with these columns.`;
      return covering === undefined;
    });
  }

  private tooLarge({ table, rows }: TableFacts): string | undefined {
    return this.explainer.trial?.isBuilt === true && rows > MAX_BUILT_ROWS
      ? `${table.name} is too large to build an index on trial. With the HypoPG extension it need not be built.`
      : undefined;
  }

  private async try(index: IndexDefinition, need: IndexNeed): Promise<Try> {
    this.tries++;
    const all = [...this.chosen.map((chosen) => chosen.index), index];
    const { plan, tried } = await this.explainer.explain(this.statement, all);
    const last = tried.at(-1);
    return {
      index,
      need,
      plan,
      cost: this.weigh(plan),
      isUsed: last?.isUsed === true,
      bytes: last?.bytes,
    };
  }

  private weigh(plan: QueryPlan): number {
    return weigh(plan, this.unit) ?? Infinity;
  }

  /** A partial form where it is much smaller and no dearer; else a covering one where it halves the cost once more. */
  private async bestForm(plain: Try): Promise<Try> {
    const facts = factsOf(this.facts, plain.need.table);
    const hasPartial = PARTIAL.has(this.explainer.database);
    for (const index of facts === undefined || !hasPartial
      ? []
      : partialForms(plain.index, plain.need, facts)) {
      const partial = await this.try(index, plain.need);
      const isSmaller = (partial.bytes ?? Infinity) <= (plain.bytes ?? 0) * PARTIAL_SIZE_SHARE;
      if (partial.isUsed && isSmaller && partial.cost <= plain.cost * SAME_COST) return partial;
    }
    const index = facts && coveringForm(plain.index, plain.need, facts);
    if (index === undefined || plain.cost < MIN_COST || this.explainer.database !== 'postgres') return plain;
    const covering = await this.try(index, plain.need);
    return covering.isUsed && covering.cost <= plain.cost * REQUIRED_COLUMN_SHARE ? covering : plain;
  }

  private whyNot(): string {
    return this.best === undefined
      ? (this.reason ?? 'Nothing in its plan could be served by an index.')
      : reasonAfter(this.explained, this.facts, this.best);
  }

  /** RULINGS, `suggested`: the plan scans a table and throws most of it away, and the statistics agree. */
  private untried(why: string): Pick<Judgement, 'indexes' | 'untried' | 'whyNot'> {
    const { needs, plan } = this.explained;
    const scanned = new Set(
      plan.warnings.flatMap(({ kind, relation }) => (kind === 'scan-discards-rows' ? relation : [])),
    );
    const open = needs.filter((need) => this.candidates(need).length > 0);
    const suggested = open.flatMap((need) => {
      const facts = scanned.has(need.table.name) ? factsOf(this.facts, need.table) : undefined;
      return facts === undefined ? [] : (suggestedIndex(need, facts) ?? []);
    });
    if (suggested.length > 0) return { indexes: suggested.slice(0, MAX_INDEXES), untried: why };
    const reason = open.length === 0 ? this.reason : undefined;
    return { indexes: [], whyNot: reason ?? `${NOTHING_SCANNED} ${why}` };
  }
}

const PARTIAL: ReadonlySet<string> = new Set(['postgres', 'sqlite']);

const NOTHING_SCANNED =
  'No table of it is read to throw most rows away. Whether an index would help all the same cannot be tried here:';

/** The index that is worth its columns: narrowest first, a wider one only where each further column halves the cost. */
function earning(tried: readonly Try[], before: QueryPlan): Try | undefined {
  let best: Try | undefined;
  for (const width of [1, 2, 3]) {
    const ofWidth = tried.filter(({ index, isUsed }) => isUsed && index.columns.length === width);
    const [cheapest] = [...ofWidth].sort((a, b) => a.cost - b.cost);
    if (cheapest === undefined) continue;
    const isEarning =
      best === undefined
        ? isWorth(before, cheapest.plan, cheapest.index.table.name)
        : cheapest.cost <= best.cost * REQUIRED_COLUMN_SHARE ** (width - best.index.columns.length);
    if (isEarning) best = cheapest;
  }
  return best;
}
