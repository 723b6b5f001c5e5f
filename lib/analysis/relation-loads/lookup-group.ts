import { queryOrigin } from '../query-origin.js';
import { valueKey, type ValueKey } from '../query-values.js';
import type { SchemaIndex } from '../schema-index.js';
import type { TimeLine } from '../time-line.js';
import { groupBy } from '../totals.js';
import type { KeyLookup, LookupKey } from './key-lookup.js';
import type { Provenance } from './provenance.js';

/** One lookup and the rows its value came from. */
export interface MatchedLookup {
  readonly lookup: KeyLookup;
  readonly provenance: Provenance;
}

/** Lookups of one place with one statement, in the order of their first. */
export function lookupGroups(lookups: readonly KeyLookup[]): Iterable<readonly KeyLookup[]> {
  return groupBy(lookups, ({ main }) => queryOrigin(main)).values();
}

/** Loops need one call site. A write to the table between the reads makes each of them a check before a write. */
export function isLoop(group: readonly KeyLookup[], timeLine: TimeLine): boolean {
  const [first] = group;
  if (first === undefined || group.length < 2) return false;
  const { callSite, fieldPath } = first.main.record;
  const hasPlace = callSite !== undefined || fieldPath !== undefined;
  return hasPlace && !isBatching(group) && !isWrittenBetween(group, timeLine);
}

/** Batches of which some hold one key are batches; only where nearly all of them do, nothing was collected. */
function isBatching(group: readonly KeyLookup[]): boolean {
  const batches = group.filter(({ keys }) => keys.some(({ values }) => values.length > 1)).length;
  return batches * 4 >= group.length && batches > 0;
}

function isWrittenBetween(group: readonly KeyLookup[], timeLine: TimeLine): boolean {
  let written = 0;
  for (let at = 1; at < group.length; at++) {
    const [before, after] = [group[at - 1], group[at]];
    if (before === undefined || after === undefined) continue;
    const [from, to] = [before.main.record.sequence, after.main.record.sequence];
    if (timeLine.isCheckedBetween(after.table, from, to)) written++;
  }
  return written * 2 >= group.length - 1;
}

/** The keys that differ from lookup to lookup; a key that stays the same is no part of the loop. */
export function varyingKeys(group: readonly KeyLookup[]): (lookup: KeyLookup) => readonly LookupKey[] {
  const values = new Map<string, Set<string>>();
  for (const { keys } of group) {
    for (const key of keys) {
      const known = values.get(placeOf(key));
      if (known === undefined) values.set(placeOf(key), new Set([key.values.join()]));
      else known.add(key.values.join());
    }
  }
  const varying = new Set([...values].filter(([, distinct]) => distinct.size > 1).map(([place]) => place));
  return varying.size === 0
    ? (lookup) => lookup.keys
    : (lookup) => lookup.keys.filter((key) => varying.has(placeOf(key)));
}

function placeOf({ table, column }: LookupKey): string {
  return `${table}.${column}`;
}

/**
 * At least half of the lookups have their values from lists and not from rows loaded singly. Where the schema does not
 * join the two columns, chance must be ruled out: all of them, in the order of the rows.
 */
export function isConvincing(
  group: readonly KeyLookup[],
  matched: readonly MatchedLookup[],
  schema: SchemaIndex | undefined,
): boolean {
  const fromLists = matched.filter(({ provenance }) => !provenance.isFromSingle);
  const isCapped = fromLists.some(({ provenance: { source } }) => source.rows.length < source.size);
  const isMost = fromLists.length * 2 >= group.length || (isCapped && fromLists.length >= 10);
  if (!isMost || isChain(group, schema)) return false;
  if (!fromLists.every(({ provenance }) => provenance.tie.isWeak)) return true;
  return (isCapped || fromLists.length === group.length) && followsRows(fromLists);
}

const IN_ORDER_SHARE = 0.8;

function followsRows(matched: readonly MatchedLookup[]): boolean {
  let [up, down] = [0, 0];
  for (let at = 1; at < matched.length; at++) {
    const [before, after] = [matched[at - 1]?.provenance, matched[at]?.provenance];
    if (before === undefined || after === undefined) continue;
    if (before.source !== after.source || after.row >= before.row) up++;
    if (before.source !== after.source || after.row <= before.row) down++;
  }
  return Math.max(up, down) >= (matched.length - 1) * IN_ORDER_SHARE;
}

/** Each key was found in the row before: ancestors, linked lists. No other statement could have fetched them together. */
function isChain(group: readonly KeyLookup[], schema: SchemaIndex | undefined): boolean {
  const isPointer = pointers(group, schema);
  let links = 0;
  for (let index = 1; index < group.length; index++) {
    const [previous, current] = [group[index - 1], group[index]];
    if (previous !== undefined && current !== undefined && leadsTo(previous, current, isPointer)) links++;
  }
  return links * 2 >= group.length - 1;
}

function leadsTo(previous: KeyLookup, current: KeyLookup, isPointer: (name: string) => boolean): boolean {
  const rows = previous.main.record.rowSample ?? [];
  const [row] = rows;
  if (row === undefined || rows.length > 1) return false;
  const values: readonly ValueKey[] = current.keys.flatMap((key) => key.values);
  return Object.entries(row).some(
    ([name, value]) => isPointer(name) && values.includes(valueKey(value) ?? '') && !isOwnKey(previous, name),
  );
}

/** Columns of the row that refer to its own table; every column where the schema does not know the table. */
function pointers([first]: readonly KeyLookup[], schema: SchemaIndex | undefined): (name: string) => boolean {
  const entity = first && schema?.ofTable(first.table);
  if (entity === undefined) return () => true;
  const own = entity.relations.filter(({ target }) => schema?.entity(target)?.table === entity.table);
  const columns = own.flatMap((relation) => relation.joinColumns.map((join) => join.column));
  // Down a linked list: each row's own key is what the next one is looked up by.
  const isDown = first?.keys.some((key) => columns.includes(key.column)) === true;
  const referenced = isDown
    ? own.flatMap((relation) => relation.joinColumns.map((join) => join.references))
    : [];
  return (name) =>
    [...columns, ...referenced].some((column) => name === column || name.endsWith(`_${column}`));
}

function isOwnKey(lookup: KeyLookup, name: string): boolean {
  return lookup.keys.some((key) => name === key.column || name.endsWith(`_${key.column}`));
}
