import type { Search } from '../../sql/read-search.js';
import type { ComparedParameter, TableUse } from '../../investigation/statement-needs.js';

/** Values of a column in some rows, by table and column. */
export type ColumnSample = (table: string, column: string) => readonly unknown[];

/** What a parameter is given that is compared to nothing known. */
const UNKNOWN = 1;
/** For LIMIT. */
const FEW_ROWS = 10;

/**
 * Values for the parameters of a statement, because MySQL and MariaDB plan with values only: such as stand in some row; for a comparison
 * by order, such that a third of the rows satisfies it, which is what PostgreSQL assumes; for a pattern, one that begins with a
 * wildcard.
 */
export function sampledValues(
  count: number,
  uses: readonly TableUse[],
  { limit, offset }: Search,
  sample: ColumnSample,
): readonly unknown[] {
  const values: unknown[] = Array.from({ length: count }, () => UNKNOWN);
  if (limit?.kind === 'parameter') values[limit.index] = FEW_ROWS;
  if (offset?.kind === 'parameter') values[offset.index] = 0;
  for (const { facts, parameters } of uses)
    for (const parameter of parameters) {
      const known = sample(facts.table.name, parameter.column).filter(
        (value) => value !== null && value !== undefined,
      );
      if (known.length > 0) values[parameter.index] = valueFor(parameter, known);
    }
  return values;
}

function valueFor({ operator, place }: ComparedParameter, known: readonly unknown[]): unknown {
  const at = (share: number): number => Math.min(known.length - 1, Math.floor(known.length * share));
  const ordered = (): readonly unknown[] => [...known].sort(compare);
  switch (operator) {
    case '>':
    case '>=':
      return ordered()[at(2 / 3)];
    case '<':
    case '<=':
      return ordered()[at(1 / 3)];
    case 'between':
      return ordered()[Math.min(known.length - 1, at(1 / 2) + place)];
    case 'like':
      return `%${String(known[0])}%`;
    default:
      return known[(at(1 / 2) + place) % known.length];
  }
}

function compare(one: unknown, other: unknown): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  const [first, second] = [Number(one), Number(other)];
  if (Number.isFinite(first) && Number.isFinite(second)) return first - second;
  return String(one) < String(other) ? -1 : 1;
}
