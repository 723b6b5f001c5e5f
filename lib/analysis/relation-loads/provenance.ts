import { valueKey, type ValueKey } from '../query-values.js';
import { queryOrigin } from '../query-origin.js';
import type { SchemaIndex } from '../schema-index.js';
import { mainTable, type KeyLookup, type LookupKey } from './key-lookup.js';
import type { RowSource } from './row-source.js';
import type { SourceColumn } from './source-column.js';
import { isTelling, tiesOf, type Tie } from './tie.js';
import { ValueIndex, type Occurrence } from './value-index.js';

/** Where the value of a lookup came from: a column of the rows of an earlier list. */
export interface Provenance {
  readonly source: RowSource;
  /** Unknown for a stream, whose rows nobody kept. */
  readonly column?: SourceColumn;
  readonly row: number;
  readonly key: LookupKey;
  readonly tie: Omit<Tie, 'column'>;
  /** A row that was loaded singly explains the value as well or better. */
  readonly isFromSingle: boolean;
}

/** Times are sums of two differences; rounding must not make the next statement begin before the last one's end. */
const CLOCK_GRAIN_MS = 0.01;
/** A stream may close before the work on its last rows is done. */
const STREAM_GRACE_MS = 100;
/** Occurrences of one value that are looked at, the latest first. */
const MAX_STEPS = 64;

/**
 * Finds where values came from, for one data source. Numbers are common to many columns, so a number counts only where
 * the schema or the column's name ties the two together.
 */
export class ProvenanceIndex {
  private readonly values = new ValueIndex();
  private readonly streams: RowSource[] = [];
  private readonly ties = new Map<string, { readonly size: number; readonly ties: readonly Tie[] }>();

  constructor(readonly schema: SchemaIndex | undefined) {}

  add(source: RowSource): void {
    if (source.kind === 'stream') this.streams.push(source);
    else this.values.add(source);
  }

  /** The most convincing rows that were there before the lookup began and held the value; of several, the latest. */
  find(lookup: KeyLookup, keys: readonly LookupKey[]): Provenance | undefined {
    let best: Found | undefined;
    let single: Found | undefined;
    for (const key of keys) {
      for (const tie of this.tiesFor(lookup, key)) {
        const found = this.latest(lookup, key, tie);
        best = better(best, found.list);
        single = better(single, found.single);
      }
    }
    if (best === undefined) return this.inStream(lookup, keys);
    const { occurrence, key, tie } = this.itself(best) ?? best;
    const isFromSingle = single !== undefined && better(best, single) === single;
    return {
      source: occurrence.source,
      column: occurrence.column,
      row: occurrence.row,
      key,
      tie,
      isFromSingle,
    };
  }

  /** A row that is looked up again by its own key: not the parent of what was joined to it, though that has the same value. */
  private itself({ occurrence, key, tie, isOwn }: Found): Found | undefined {
    const { source, column, row } = occurrence;
    const root = mainTable(source.query);
    const rootAlias = root?.alias ?? root?.name;
    if (tie.path === undefined || column.alias === rootAlias) return undefined;
    const entity = this.schema?.ofTable(key.table);
    const own = source.columns.find(
      (each) => each.alias === rootAlias && each.entity === entity && each.column === key.column,
    );
    if (entity === undefined || own === undefined || this.schema?.isPrimary(entity, key.column) !== true)
      return undefined;
    if (valueKey(source.rows[row]?.[own.name]) !== key.values[0]) return undefined;
    return {
      key,
      occurrence: { ...occurrence, column: own },
      tie: { column: own, strength: 2, isWeak: false },
      isOwn,
    };
  }

  private tiesFor(lookup: KeyLookup, key: LookupKey): readonly Tie[] {
    const columns = lookup.keys.map((each) => `${each.table}.${each.column}`).join();
    // What a join says of the relation is in the statement alone.
    const { tables, fingerprint } = lookup.main.statement;
    const joins = tables.length > 1 ? fingerprint : '';
    const name = `${lookup.table}|${columns}|${key.table}.${key.column}|${joins}`;
    let known = this.ties.get(name);
    if (known?.size !== this.values.size) {
      const ties = [...this.values.columns()].flatMap((column) => tiesOf(lookup, key, column, this.schema));
      this.ties.set(name, (known = { size: this.values.size, ties }));
    }
    return known.ties;
  }

  private latest(lookup: KeyLookup, key: LookupKey, tie: Tie): { list?: Found; single?: Found } {
    const [value] = key.values;
    if (value === undefined || (tie.needsTellingValue === true && !isTelling(value))) return {};
    const own = queryOrigin(lookup.main);
    const result: { list?: Found; single?: Found } = {};
    let ownList: Found | undefined;
    const occurrences = this.values.occurrences(tie.column, value);
    const from = Math.max(0, occurrences.length - MAX_STEPS);
    for (let at = occurrences.length - 1; at >= from && result.list === undefined; at--) {
      const occurrence = occurrences[at];
      if (occurrence === undefined || !this.holds(occurrence, lookup, key, tie)) continue;
      const isOwn = queryOrigin(occurrence.source.query) === own && occurrence.source.kind !== 'gathered';
      const found = { occurrence, key, tie, isOwn };
      if (isOwn) {
        if (occurrence.source.kind === 'list') ownList ??= found;
      } else if (occurrence.source.kind === 'single') result.single ??= found;
      else result.list = found;
    }
    result.list ??= ownList;
    return result;
  }

  private holds(
    { source, row, isDistinct }: Occurrence,
    lookup: KeyLookup,
    key: LookupKey,
    tie: Tie,
  ): boolean {
    if (source.endMs(row) > lookup.main.record.startMs + CLOCK_GRAIN_MS) return false;
    if (tie.strength < 3 && !isDistinct && source.kind !== 'single') return false;
    if (tie.needsTable !== undefined && !reads(source, tie.needsTable)) return false;
    return key.count === 1 || this.carries(source, tie.column, key.values);
  }

  /** A list of keys comes from a column when at least half of its values do. */
  private carries(source: RowSource, column: SourceColumn, values: readonly ValueKey[]): boolean {
    const hits = values.filter((value) =>
      this.values.occurrences(column, value).some((occurrence) => occurrence.source === source),
    );
    return hits.length * 2 >= values.length;
  }

  private inStream(lookup: KeyLookup, keys: readonly LookupKey[]): Provenance | undefined {
    const { startMs, sequence } = lookup.main.record;
    for (const source of this.streams) {
      const { record, statement } = source.query;
      if (startMs < record.startMs || startMs > source.endMs(0) + STREAM_GRACE_MS) continue;
      const entity = this.schema?.ofTable(statement.tables[0]?.name ?? '');
      for (const key of keys) {
        const join = entity && this.schema?.anyBetween(entity, key.table, key.column);
        if (join === undefined) continue;
        return {
          source,
          row: sequence,
          key,
          tie: { strength: 3, path: join.path, isWeak: false },
          isFromSingle: false,
        };
      }
    }
    return undefined;
  }
}

interface Found {
  readonly occurrence: Occurrence;
  readonly key: LookupKey;
  readonly tie: Tie;
  /** Read by the loop itself: the list it runs over explains more. */
  readonly isOwn: boolean;
}

function better(one: Found | undefined, other: Found | undefined): Found | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  if (one.isOwn !== other.isOwn) {
    const list = one.isOwn ? other : one;
    if (list.tie.strength >= 2) return list;
  }
  if (one.tie.strength !== other.tie.strength) return one.tie.strength > other.tie.strength ? one : other;
  return endOf(other) > endOf(one) ? other : one;
}

function endOf({ occurrence }: Found): number {
  return occurrence.source.endMs(occurrence.row);
}

function reads({ query }: RowSource, table: string): boolean {
  return query.statement.tables.some(({ name, access }) => access === 'read' && name === table);
}
