import { keptShare } from '../kept-share.js';
import type { ReadingNode } from '../row-shares.js';
import { useOf } from '../statement-needs.js';
import { rowsAskedFor } from '../rows-asked-for.js';
import { numberOf, tablesIn, type RawBlock, type RawTable } from './raw-plan.js';
import type { MysqlPlanOrigin } from './plan-origin.js';
import { accessOf, conditionsOf, masked, seenRows } from './table-node.js';

/** A plan with what is known of its whole. */
export interface ReadTree {
  readonly root: ReadingNode;
  /** Undefined where rows are grouped, or united. */
  readonly rowsOut?: number;
  readonly isAnalyzed: boolean;
}

interface Part {
  readonly nodes: readonly ReadingNode[];
  /** Rows that come out of one execution, as far as that is known. */
  readonly out: number;
}

/** Steps that have a name; every other block is looked through for the steps in it. */
const STEPS: Readonly<Record<string, string>> = {
  filesort: 'filesort',
  temporary_table: 'temporary table',
  union_result: 'union',
  grouping_operation: 'group',
  duplicates_removal: 'duplicates removal',
  window_functions_computation: 'window functions',
  windowing: 'window functions',
  buffer_result: 'buffer result',
};
const SUBQUERIES = /subqueries$/u;
/** Hold no steps. */
const FACTS: ReadonlySet<string> = new Set([
  'cost_info',
  'rowid_filter',
  'ref',
  'possible_keys',
  'used_columns',
]);

/** Makes one tree of the blocks of MySQL's and MariaDB's plans. */
export class PlanTree {
  private isAnalyzed = false;
  /** Rows after which the search ends, where rows come in the wanted order and no other table is asked. */
  private asked: number | undefined;

  constructor(private readonly origin: MysqlPlanOrigin) {}

  read(raw: RawBlock): ReadTree {
    const text = JSON.stringify(raw);
    const isCollecting =
      /"(?:filesort|temporary_table|union_result)":|"using_(?:filesort|temporary_table)":true/u;
    const isAlone = [...tablesIn(raw)].length === 1 && !isCollecting.test(text);
    this.asked = isAlone ? rowsAskedFor(this.origin.search) : undefined;
    const { nodes, out } = this.part({ query_block: raw['query_block'] }, 1);
    const [only, ...others] = nodes;
    const root: ReadingNode =
      only !== undefined && others.length === 0
        ? only
        : { operation: 'query block', loops: 1, rowsExamined: 0, children: nodes };
    const asked = rowsAskedFor(this.origin.search);
    const isCounted = this.origin.search.isGathering || text.includes('"union_result"');
    return {
      root,
      ...(isCounted ? {} : { rowsOut: Math.min(out, asked ?? Infinity) }),
      isAnalyzed: this.isAnalyzed,
    };
  }

  private part(block: RawBlock, loops: number): Part {
    const { message } = block;
    // MySQL says it of the block, MariaDB of a table.
    if (typeof message === 'string') return { nodes: [note(message, loops)], out: 0 };
    let out = 1;
    const nodes: ReadingNode[] = [];
    for (const [name, value] of Object.entries(block)) {
      if (typeof value !== 'object' || value === null || FACTS.has(name)) continue;
      const part = this.child(name, value as RawBlock, loops, out);
      nodes.push(...part.nodes);
      out *= part.out;
    }
    return { nodes, out };
  }

  private child(name: string, value: RawBlock, loops: number, out: number): Part {
    if (name === 'table') return this.table(value, loops);
    if (name === 'block-nl-join') return this.buffered(value, loops);
    if (SUBQUERIES.test(name)) return { nodes: this.subqueries(value, loops * Math.max(1, out)), out: 1 };
    if (name === 'nested_loop') return this.nestedLoop(value as unknown as readonly RawBlock[], loops);
    const step = stepOf(name, value);
    const inner = Array.isArray(value)
      ? this.list(value as readonly RawBlock[], loops)
      : this.part(value, loops);
    if (step === undefined) return inner;
    const keys = value['sort_key'];
    const sortKeys = typeof keys === 'string' ? { sortKeys: [masked(keys)] } : {};
    const node: ReadingNode = {
      operation: step,
      ...sortKeys,
      ...rowsOf(inner),
      loops,
      rowsExamined: 0,
      children: inner.nodes,
    };
    return { nodes: [node], out: inner.out };
  }

  /** Branches of a union. */
  private list(blocks: readonly RawBlock[], loops: number): Part {
    const parts = blocks.map((block) => this.part(block, loops));
    return { nodes: parts.flatMap(({ nodes }) => nodes), out: parts.reduce((sum, { out }) => sum + out, 0) };
  }

  private nestedLoop(blocks: readonly RawBlock[], loops: number): Part {
    let out = 1;
    const nodes: ReadingNode[] = [];
    for (const block of blocks) {
      const part = this.part(block, loops * Math.max(1, out));
      nodes.push(...part.nodes);
      out *= part.out;
    }
    if (nodes.length <= 1) return { nodes, out };
    const node: ReadingNode = { operation: 'nested loop', loops, rowsExamined: 0, children: nodes };
    return { nodes: [{ ...node, rowsEstimated: Math.round(out) }], out };
  }

  /** The rows outside are collected first, so that the table is read once. */
  private buffered(block: RawBlock, loops: number): Part {
    const part = this.part(block, 1);
    const [table, ...others] = part.nodes;
    if (table === undefined) return part;
    const named = {
      ...table,
      operation: `${table.operation}, join buffer`,
      loops: Math.min(loops, table.loops),
    };
    return { nodes: [named, ...others], out: part.out };
  }

  /** MariaDB has a cache for those that depend on the row outside, MySQL says so. */
  private subqueries(blocks: RawBlock, loops: number): readonly ReadingNode[] {
    return Object.values(blocks).flatMap((block): readonly ReadingNode[] => {
      if (typeof block !== 'object' || block === null) return [];
      const own = block as RawBlock;
      const isDependent = own['dependent'] === true || own['expression_cache'] !== undefined;
      const children = this.part(own, isDependent ? loops : 1).nodes;
      const operation = isDependent ? 'dependent subquery' : 'subquery';
      return [{ operation, loops: isDependent ? loops : 1, rowsExamined: 0, children }];
    });
  }

  private table(raw: RawTable, loops: number): Part {
    const message = raw['message'];
    if (raw.table_name === undefined)
      return { nodes: [note(typeof message === 'string' ? message : 'no table', loops)], out: 0 };
    const isBuffered = typeof raw['using_join_buffer'] === 'string';
    const own = isBuffered ? 1 : loops;
    const planned = numberOf(raw, 'rows', 'rows_examined_per_scan') ?? 0;
    const seen = numberOf(raw, 'r_rows');
    this.isAnalyzed ||= seen !== undefined;
    const kept = this.kept(raw);
    const all = this.entries(raw, planned);
    const out = Math.min((seen ?? all) * kept, this.asked ?? Infinity);
    const rows = this.asked === undefined ? planned : Math.min(all, out / kept);
    const { filter, condition } = conditionsOf(raw);
    const node: ReadingNode = {
      operation: `${raw.access_type ?? 'table'}${isBuffered ? ', join buffer' : ''}`,
      ...accessOf(raw),
      ...this.names(raw.table_name),
      ...(raw.key === undefined ? {} : { index: raw.key }),
      ...(condition === undefined ? {} : { condition }),
      ...(filter === undefined ? {} : { filter }),
      rowsEstimated: Math.round(rows * kept),
      ...seenRows(raw, seen),
      loops: numberOf(raw, 'r_loops') ?? own,
      rowsExamined: raw.table_name.startsWith('<') ? 0 : (seen ?? rows),
      children: this.within(raw, own * rows),
    };
    return { nodes: [node], out };
  }

  /**
   * Rows that there are to look at. Where an index has the wanted order, MySQL and MariaDB count as many as LIMIT asks for, and
   * forget the conditions that throw rows away on the way.
   */
  private entries({ access_type: type, table_name: name }: RawTable, planned: number): number {
    if (this.asked === undefined || type !== 'index') return planned;
    return useOf(this.origin.uses, name)?.facts.rows ?? planned;
  }

  /** What is made into the table, once; and subqueries that its condition asks for each row. */
  private within(raw: RawTable, rows: number): readonly ReadingNode[] {
    return Object.entries(raw).flatMap(([name, value]) =>
      typeof value !== 'object' || value === null || FACTS.has(name)
        ? []
        : this.child(name, value as RawBlock, SUBQUERIES.test(name) ? rows : 1, 1).nodes,
    );
  }

  /**
   * Share of the rows that is left by conditions. Of columns without an index or a histogram MariaDB says "all of them", and
   * MySQL a fixed tenth, which is no evidence: there only a sample of rows counts.
   */
  private kept(raw: RawTable): number {
    const seen = numberOf(raw, 'r_filtered');
    if (seen !== undefined) return seen / 100;
    const planned = (numberOf(raw, 'filtered') ?? 100) / 100;
    const use = this.useOf(raw.table_name ?? '');
    if (use === undefined || raw.attached_condition === undefined) return planned;
    const sampled = keptShare(use, this.origin.distinct, raw.used_key_parts);
    const isGuess =
      this.origin.database === 'mysql' && (raw.access_type === 'ALL' || raw.access_type === 'index');
    return isGuess ? sampled : Math.min(planned, sampled);
  }

  private useOf(alias: string): MysqlPlanOrigin['uses'][number] | undefined {
    return useOf(this.origin.uses, alias);
  }

  private names(alias: string): Pick<ReadingNode, 'relation' | 'alias'> {
    const name = this.useOf(alias)?.facts.table.name ?? alias;
    return name === alias ? { relation: name } : { relation: name, alias };
  }
}

function note(operation: string, loops: number): ReadingNode {
  return { operation, loops, rowsExamined: 0, children: [] };
}

/** MySQL has one block for an order, whether it sorts or not. */
function stepOf(name: string, block: RawBlock): string | undefined {
  if (name === 'ordering_operation' || name === 'grouping_operation')
    return block['using_filesort'] === true
      ? 'filesort'
      : block['using_temporary_table'] === true
        ? 'temporary table'
        : undefined;
  return STEPS[name];
}

function rowsOf({ out, nodes }: Part): Pick<ReadingNode, 'rowsEstimated'> {
  return nodes.length === 0 ? {} : { rowsEstimated: Math.round(out) };
}
