/** Part of what `EXPLAIN FORMAT=JSON` answers. MySQL and MariaDB name the same things alike, and nest them differently. */
export type RawBlock = Readonly<Record<string, unknown>>;

/** A table of a plan, the fields that are read. */
export interface RawTable extends RawBlock {
  /** What the statement calls it; `<derived2>`, `<union1,2>`, `<subquery2>` for results of other parts. */
  readonly table_name?: string;
  /** `ALL`, `index`, `range`, `ref`, `eq_ref`, `const` ... */
  readonly access_type?: string;
  readonly key?: string;
  readonly used_key_parts?: readonly string[];
  readonly ref?: readonly string[];
  readonly attached_condition?: unknown;
  readonly index_condition?: unknown;
  readonly using_index?: boolean;
}

/**
 * The plan in what a driver gives for EXPLAIN: its text, or parsed JSON.
 *
 * @throws Error where it holds none
 */
export function mysqlBlockOf(answer: unknown): RawBlock {
  const parsed: unknown = typeof answer === 'string' ? parse(answer) : answer;
  const block = (parsed as { query_block?: unknown } | null)?.query_block;
  if (typeof block !== 'object' || block === null) throw new Error('EXPLAIN answered no plan');
  return parsed as RawBlock;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return JSON.parse(
      text.replace(
        STRING_LINE,
        (_, before: string, value: string, after: string) =>
          `${before}${JSON.stringify(value).slice(1, -1)}${after}`,
      ),
    );
  }
}

/** MariaDB writes conditions as they are, quotes and backslashes included: one line each. */
const STRING_LINE = /^(\s*"\w+": ")(.*)(",?)$/gmu;

/** A number of a plan; MySQL writes some as text. */
export function numberOf(block: RawBlock, ...names: readonly string[]): number | undefined {
  for (const name of names) {
    const value = block[name];
    const number = typeof value === 'string' ? Number(value) : value;
    if (typeof number === 'number' && Number.isFinite(number)) return number;
  }
  return undefined;
}

/** The same plan without the cost of its whole. */
export function withoutCost(raw: RawBlock): RawBlock {
  const { cost: _, cost_info: __, ...block } = raw['query_block'] as RawBlock;
  return { ...raw, query_block: block };
}

/** Every table of a plan. */
export function* tablesIn(value: unknown): Iterable<RawTable> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    if (key === 'table') yield child as RawTable;
    yield* tablesIn(child);
  }
}
