import { PAGE_BYTES } from './data-files.js';

/** PageHeaderData and the B-tree's special space. */
const PAGE_OVERHEAD = 24 + 16;
/** IndexTupleData and the line pointer. */
const ENTRY_OVERHEAD = 8 + 4;
/** BTREE_DEFAULT_FILLFACTOR */
const FILL = 0.9;
const ALIGNMENT = 8;

/**
 * Pages of a B-tree that does not exist yet. An upper bound: equal values share entries since PostgreSQL 13.
 * Source of the figures: PostgreSQL's `nbtree.h`, `itup.h` and `bufpage.h`.
 * `entryBytes` is the average width of all its columns together.
 */
export function indexPages(rows: number, entryBytes: number): number {
  const entry = Math.ceil(entryBytes / ALIGNMENT) * ALIGNMENT + ENTRY_OVERHEAD;
  const perPage = Math.max(1, Math.floor(((PAGE_BYTES - PAGE_OVERHEAD) * FILL) / entry));
  // The first page holds the root's place.
  return 1 + Math.max(1, Math.ceil(rows / perPage));
}
