import type { EntityLoadRecord } from '../../record/load-record.js';
import type { Row } from '../../record/query-record.js';
import type { BatchIndex } from '../batch-index.js';
import type { LoadTree } from '../load-tree.js';
import { queryOrigin } from '../query-origin.js';
import type { AnalysedQuery } from '../relation-load.js';
import { endOf } from '../time-line.js';
import type { SourceColumn, SourceColumns } from './source-column.js';

/**
 * Rows that a later lookup may have its value from. A `list` is what a loop may run over; a `single` row was loaded
 * singly and makes no loop; `gathered` rows were fetched one by one for the rows of another list, the parents of the next
 * level; the rows of a `stream` are not known.
 */
export interface RowSource {
  readonly kind: 'list' | 'single' | 'gathered' | 'stream';
  /** The statement that read them, or the first of several. */
  readonly query: AnalysedQuery;
  readonly rows: readonly Row[];
  /** For each row, when it was there: milliseconds since the unit began. */
  readonly endMs: (row: number) => number;
  /** The parent batch the rows form; negative and odd for raw rows, negative and even for gathered ones. */
  readonly batch: number;
  /** How many rows or entities there were; `rows` may hold fewer. */
  readonly size: number;
  /** Lists from one place with one statement belong together: the pages of one pagination loop. */
  readonly origin: string;
  /** Relations between the first list and this one; 0 for a list read by itself. */
  readonly depth: number;
  readonly load?: EntityLoadRecord;
  readonly columns: readonly SourceColumn[];
}

/** A statement whose rows a loop may run over: several of them, or not known. */
export function mayBeList({ record }: AnalysedQuery, tree: LoadTree, batches: BatchIndex): boolean {
  if ((record.rowSample?.length ?? 0) >= 2 || record.via === 'stream') return true;
  const load = tree.find(record.load);
  return load?.kind === 'entities' && batches.size(load.batch) >= 2;
}

/** What one statement read, when a loop could run over it or a single lookup could follow from it. */
export function rowSource(
  query: AnalysedQuery,
  tree: LoadTree,
  batches: BatchIndex,
  columns: SourceColumns,
): RowSource | undefined {
  const { record, statement } = query;
  if (statement.kind !== 'select' || statement.isDistinctIds || tree.persistAround(record.load) !== undefined)
    return undefined;
  const isStream = record.via === 'stream';
  const rows = record.rowSample ?? [];
  if (rows.length === 0 && !isStream) return undefined;
  const found = tree.find(record.load);
  const load = found?.kind === 'entities' ? found : undefined;
  const end = endOf(query);
  return {
    kind: isStream ? 'stream' : mayBeList(query, tree, batches) ? 'list' : 'single',
    query,
    rows,
    endMs: () => end,
    batch: load?.batch ?? -1 - 2 * record.sequence,
    size: load?.entities ?? record.rowsReturned ?? rows.length,
    origin: load?.batch === undefined ? queryOrigin(query) : batches.origin(load.batch),
    depth: batches.depth(load?.batch),
    load,
    columns: columns.of(query),
  };
}

/** Rows that were fetched one by one for the rows of `from`: the parents of the next level. */
export function gatheredRows(
  queries: readonly AnalysedQuery[],
  from: RowSource,
  columns: SourceColumns,
): RowSource | undefined {
  const filled = queries.filter(({ record }) => (record.rowSample?.length ?? 0) > 0);
  const [query] = filled;
  const rows = filled.flatMap(({ record }) => record.rowSample ?? []);
  if (query === undefined || rows.length < 2) return undefined;
  const ends = filled.flatMap((each) => each.record.rowSample?.map(() => endOf(each)) ?? []);
  return {
    kind: 'gathered',
    query,
    rows,
    endMs: (row) => ends[row] ?? Infinity,
    batch: -2 - 2 * query.record.sequence,
    size: queries.reduce((sum, { record }) => sum + (record.rowsReturned ?? 0), 0),
    origin: `${from.origin} > ${queryOrigin(query)}`,
    depth: from.depth + 1,
    columns: columns.of(query),
  };
}
