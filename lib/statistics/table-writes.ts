import type { AnalysedUnit } from '../analysis/detector.js';
import type { AnalysedQuery } from '../analysis/relation-load.js';
import { keepLatest } from '../record/keep-latest.js';

/** One write to a table that others could see. */
export interface TableWrite {
  readonly table: string;
  readonly route: string;
  /** When it was visible to others: milliseconds since the epoch. */
  readonly at: number;
}

const MAX_TABLES = 500;
const MAX_WRITES = 5;
/** The last writes of each table: what a cached value may have missed. */
export class TableWrites {
  private readonly byTable = new Map<string, TableWrite[]>();

  add(unit: AnalysedUnit): void {
    for (const query of unit.queries) {
      const at = isWrite(query) ? visibleAt(query, unit) : undefined;
      if (at === undefined) continue;
      for (const { name, access } of query.statement.tables)
        if (access === 'write')
          this.remember(keyOf(query.record.dataSource, name), { table: name, route: unit.unit.name, at });
    }
  }

  /** The first write that is known of one of the tables after `from` and before `to`. */
  between(tables: Iterable<string>, from: number, to: number): TableWrite | undefined {
    for (const table of tables) {
      const write = this.byTable.get(table)?.find(({ at }) => at > from && at < to);
      if (write !== undefined) return write;
    }
    return undefined;
  }

  merge(other: TableWrites): void {
    for (const [table, writes] of other.byTable) for (const write of writes) this.remember(table, write);
  }

  clear(): void {
    this.byTable.clear();
  }

  private remember(table: string, write: TableWrite): void {
    const writes = this.byTable.get(table) ?? [];
    writes.push(write);
    if (writes.length > MAX_WRITES) writes.shift();
    keepLatest(this.byTable, table, writes, MAX_TABLES);
  }
}

/** The tables that a statement reads, by data source. */
export function tablesRead({ record, statement }: AnalysedQuery): readonly string[] {
  return statement.tables
    .filter(({ access }) => access === 'read')
    .map(({ name }) => keyOf(record.dataSource, name));
}

function keyOf(dataSource: string, table: string): string {
  return `${dataSource}\n${table}`;
}

function isWrite({ record, statement }: AnalysedQuery): boolean {
  return (
    record.error === undefined &&
    record.isOfResultCache !== true &&
    ['insert', 'update', 'delete'].includes(statement.kind)
  );
}

/** Inside a transaction: when it was committed; undefined where it was not, or where that was not seen. */
function visibleAt({ record }: AnalysedQuery, { unit, queries }: AnalysedUnit): number | undefined {
  const endOf = ({ record: { startMs, waitMs, executeMs } }: AnalysedQuery) =>
    unit.startedAt + startMs + waitMs + executeMs;
  if (record.transaction === undefined)
    return unit.startedAt + record.startMs + record.waitMs + record.executeMs;
  const commit = queries.find(
    (query) =>
      query.record.transaction === record.transaction &&
      query.record.sequence > record.sequence &&
      query.statement.operation === 'COMMIT',
  );
  return commit === undefined ? undefined : endOf(commit);
}
