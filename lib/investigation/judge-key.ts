import { TrialRefused, type Explainer } from './explainer.js';
import { quoted, quotedTable, type IndexDefinition } from './index-definition.js';
import { quoteOf } from './index-statements.js';
import type { KeySearch } from './key-searches.js';
import { MAX_BUILT_ROWS } from './judge-statement.js';
import { isWorth, weigh, weightUnit, type WeightUnit } from './plan-weight.js';
import { MIN_ROWS } from './reasons.js';
import type { TableFacts } from './table-facts.js';

/** An index on a foreign key, and what the planner says of it. */
export interface JudgedKey {
  readonly index: IndexDefinition;
  readonly unit: WeightUnit;
  readonly before: number;
  /** Undefined where it could not be tried. */
  readonly after?: number;
  readonly bytes?: number;
  /** How it was tried, or why not. */
  readonly how: string;
}

/**
 * Whether the planner would use an index on a foreign key and halve the cost of a search by it. Undefined where it would not.
 *
 * @throws whatever the database refuses the explanation with
 */
export async function judgeKey(
  explainer: Explainer,
  { columns }: KeySearch,
  facts: TableFacts,
): Promise<JudgedKey | undefined> {
  const text = searchOf(explainer, facts, columns);
  const index = { table: facts.table, columns: columns.map((column) => ({ column })) };
  const { plan } = await explainer.explain({ text });
  const unit = weightUnit(plan);
  const before = weigh(plan, unit);
  if (before === undefined) return undefined;
  try {
    if (explainer.trial === undefined) throw new TrialRefused(explainer.untried);
    if (explainer.trial.isBuilt && facts.rows > MAX_BUILT_ROWS)
      throw new TrialRefused('the table is too large to build an index on trial.');
    const { plan: after, tried } = await explainer.explain({ text }, [index]);
    const [own] = tried;
    const bytes = own?.bytes;
    const weighed = weigh(after, unit);
    return own?.isUsed === true && isWorth(plan, after, facts.table.name)
      ? {
          index,
          unit,
          before,
          how: explainer.trial.how,
          ...(weighed === undefined ? {} : { after: weighed }),
          ...(bytes === undefined ? {} : { bytes }),
        }
      : undefined;
  } catch (error) {
    if (!(error instanceof TrialRefused)) throw error;
    const isScan = plan.warnings.some(
      ({ kind, relation }) => kind === 'scan-discards-rows' && relation === facts.table.name,
    );
    return isScan
      ? {
          index,
          unit,
          before,
          how: `the plan reads the whole table to keep little of it. Not tried: ${error.message}`,
        }
      : undefined;
  }
}

/**
 * Whether an index is worth a try: the table is of some size, and no index begins with a column of the key. Any such one finds
 * the rows, or so few that the rest is no search.
 */
export function isOpenKey({ columns }: KeySearch, facts: TableFacts): boolean {
  return facts.rows >= MIN_ROWS && facts.isAnalyzed && isOpen(facts, columns);
}

function isOpen({ indexes, columns: all }: TableFacts, columns: readonly string[]): boolean {
  const isIndexable = columns.every((column) =>
    all.some(({ name, isIndexable }) => name === column && isIndexable),
  );
  return (
    isIndexable &&
    !indexes.some(
      ({ columns: [first], isValid }) => isValid && typeof first === 'string' && columns.includes(first),
    )
  );
}

function searchOf({ database }: Explainer, { table }: TableFacts, columns: readonly string[]): string {
  const quote = quoteOf(database);
  const conditions = columns.map(
    (column, at) => `${quoted(column, quote)} = ${database === 'postgres' ? `$${at + 1}` : '?'}`,
  );
  return `SELECT * FROM ${quotedTable(table, quote)} WHERE ${conditions.join(' AND ')}`;
}
