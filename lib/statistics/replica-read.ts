import type { AnalysedUnit } from '../analysis/detector.js';
import type { AnalysedQuery } from '../analysis/relation-load.js';

/**
 * What is worth knowing of a read where replication is configured. `primary-without-need`: a replica could have answered
 * it. `replica-after-write`: its unit of work had just written to a table of it, and the replica may not know yet.
 */
export type ReplicaConcern = 'primary-without-need' | 'replica-after-write';

/** A read of a data source with replicas. */
export interface ReplicaRead {
  readonly query: AnalysedQuery;
  readonly server: 'primary' | 'replica';
  readonly concern?: ReplicaConcern;
  /** That was written before. */
  readonly table?: string;
}

/** The reads of a unit on data sources that have replicas; none where there is no replication. */
export function replicaReads(unit: AnalysedUnit): readonly ReplicaRead[] {
  const replicated = unit.queries.filter(({ record }) => record.server !== undefined);
  if (replicated.length === 0) return [];
  const writes = replicated.filter((query) => isWrite(query, unit));
  return replicated.flatMap((query): readonly ReplicaRead[] => {
    const { server } = query.record;
    if (server === undefined || !isRead(query)) return [];
    const before = writes.filter((write) => isBefore(write, query));
    if (server === 'replica') return [{ query, server, ...afterWrite(query, before) }];
    return [{ query, server, ...(isNeeded(query, before, unit) ? {} : { concern: 'primary-without-need' }) }];
  });
}

function isRead({ record, statement }: AnalysedQuery): boolean {
  const reads = statement.tables.some(({ access }) => access === 'read');
  return (
    statement.kind === 'select' && reads && record.error === undefined && record.isOfResultCache !== true
  );
}

/**
 * Locks, transactions and the reads of `save()` belong on the primary, and so may whatever follows a write of the unit:
 * on purpose, or by what that has set off.
 */
function isNeeded(
  { record, statement }: AnalysedQuery,
  before: readonly AnalysedQuery[],
  unit: AnalysedUnit,
): boolean {
  return (
    statement.isLocking ||
    record.transaction !== undefined ||
    before.length > 0 ||
    unit.unit.kind === 'bootstrap' ||
    unit.tree.persistAround(record.load) !== undefined
  );
}

function afterWrite(
  query: AnalysedQuery,
  before: readonly AnalysedQuery[],
): Pick<ReplicaRead, 'concern' | 'table'> {
  const read = new Set(
    query.statement.tables.filter(({ access }) => access === 'read').map(({ name }) => name),
  );
  const written = before.flatMap(({ statement }) =>
    statement.tables.filter(({ access, name }) => access === 'write' && read.has(name)),
  );
  const [last] = written.reverse();
  return last === undefined ? {} : { concern: 'replica-after-write', table: last.name };
}

const WRITES: ReadonlySet<string> = new Set(['insert', 'update', 'delete']);

/** One that lasted: it did not fail, and its transaction was committed. */
function isWrite({ record, statement }: AnalysedQuery, { unit }: AnalysedUnit): boolean {
  if (!WRITES.has(statement.kind) || record.error !== undefined) return false;
  if (record.transaction === undefined) return true;
  return unit.transactions.some(({ id, outcome }) => id === record.transaction && outcome === 'committed');
}

/** It had ended when the other one began. */
function isBefore({ record: write }: AnalysedQuery, { record: read }: AnalysedQuery): boolean {
  const endMs = write.startMs + write.waitMs + write.executeMs;
  return write.dataSource === read.dataSource && write.sequence < read.sequence && endMs <= read.startMs;
}
