import { entityOf } from '../../record/relation-of.js';
import { callSiteKey } from '../../record/call-site.js';
import type { PersistRecord } from '../../record/load-record.js';
import type { AnalysedUnit, Detector } from '../detector.js';
import type { Finding } from '../finding.js';
import { makeFinding } from '../make-finding.js';
import { resolveValue } from '../query-values.js';
import { listOf, repositoryOf } from '../relation-code.js';
import type { Predicate } from '../../sql/statement.js';
import type { AnalysedQuery } from '../relation-load.js';
import { groupBy } from '../totals.js';

/**
 * Single-row writes to one table from one call site, each in a transaction of its own that nobody asked for.
 * Rulings: RULINGS.md, "save-in-loop". `save([...])`, also in chunks, is one call; a transaction around is the user's choice.
 * One row that is written again and again (the progress of a job, a heartbeat, a counter) is no list to hand over.
 */
export const detectSaveInLoop: Detector = (unit, thresholds) => {
  const explicit = explicitTransactions(unit);
  const writes = unit.queries.filter((query) => isSingleRowWrite(query, unit, explicit));
  const groups = groupBy(writes, (query) => groupOf(query, unit));
  return [...groups.values()]
    .filter((group) => Math.min(transactionsOf(group), rowsOf(group)) >= thresholds.minWrites)
    .map((group) => finding(group, unit));
};

/** What `save` cascades to belongs to the entity that was handed over. */
function groupOf({ record, statement }: AnalysedQuery, unit: AnalysedUnit): string | undefined {
  if (record.callSite === undefined) return undefined;
  const persist = unit.tree.persistAround(record.load);
  const what = persist === undefined ? `${statement.operation} ${writtenTable(statement)}` : persist.entity;
  return `${record.dataSource}|${what}|${callSiteKey(record.callSite)}`;
}

/** Transactions that the code began itself: TypeORM begins those of `save` inside of the call. */
function explicitTransactions(unit: AnalysedUnit): ReadonlySet<number> {
  const outside = unit.queries.filter(
    ({ record }) => record.transaction !== undefined && unit.tree.persistAround(record.load) === undefined,
  );
  return new Set(outside.flatMap(({ record }) => record.transaction ?? []));
}

function isSingleRowWrite(query: AnalysedQuery, unit: AnalysedUnit, explicit: ReadonlySet<number>): boolean {
  const { record, statement } = query;
  if (record.error !== undefined || writtenTable(statement) === undefined) return false;
  if (record.transaction !== undefined && explicit.has(record.transaction)) return false;
  if ((unit.tree.persistAround(record.load)?.entities ?? 0) > 1) return false;
  if (statement.kind === 'insert') return statement.valuesRows === 1;
  const isWrite = statement.kind === 'update' || statement.kind === 'delete';
  return isWrite && isByKey(query) && (record.rowsAffected ?? 1) <= 1;
}

function isByKey({ statement }: AnalysedQuery): boolean {
  return statement.predicates.some(isKey);
}

function isKey({ operator, isConjunct, values }: Predicate): boolean {
  return isConjunct && (operator === '=' || (operator === 'in' && values.length === 1));
}

/** Different rows that were written. */
function rowsOf(group: readonly AnalysedQuery[]): number {
  return new Set(group.map(rowOf)).size;
}

/** By the values that it was looked up with; each statement its own row where they are not known, and for inserts. */
function rowOf(query: AnalysedQuery): string | AnalysedQuery {
  if (query.statement.kind === 'insert') return query;
  const values = query.statement.predicates
    .filter(isKey)
    .flatMap((predicate) => predicate.values.map((value) => resolveValue(query, value)));
  return values.includes(undefined) ? query : JSON.stringify(values);
}

/** Autocommit statements are each a transaction of their own. */
function transactionsOf(group: readonly AnalysedQuery[]): number {
  const begun = new Set(group.flatMap(({ record }) => record.transaction ?? []));
  return begun.size + group.filter(({ record }) => record.transaction === undefined).length;
}

function writtenTable({ tables }: AnalysedQuery['statement']): string | undefined {
  return tables.find((table) => table.access === 'write')?.name;
}

function finding(group: readonly AnalysedQuery[], unit: AnalysedUnit): Finding {
  const [first] = group as [AnalysedQuery];
  const { operation } = first.statement;
  const persist = unit.tree.persistAround(first.record.load);
  const table = writtenTable(first.statement) ?? 'table';
  const entity = persist?.entity ?? classOf(first, unit) ?? table;
  const transactions = transactionsOf(group);
  return makeFinding(unit, {
    kind: 'save-in-loop',
    severity: 'warning',
    title:
      persist === undefined
        ? `${entity}: ${group.length} single-row ${operation}s, each in its own transaction`
        : `${entity}: ${transactions} calls of ${persist.operation}(), each in its own transaction`,
    relation: entity,
    queries: group,
    evidence: {
      text: `${group.length} single-row writes in ${transactions} transactions from one call site.`,
      facts: { statements: group.length, transactions, table, operation },
    },
    advice: persist === undefined ? statementAdvice(first, entity, unit) : persistAdvice(persist),
  });
}

function classOf({ record, statement }: AnalysedQuery, unit: AnalysedUnit): string | undefined {
  const table = writtenTable(statement);
  return unit.schemas.get(record.dataSource)?.entities.find((entity) => entity.table === table)?.name;
}

function persistAdvice({ entity, operation }: PersistRecord): Finding['advice'] {
  return {
    text: 'Hand all of them over in one call: one transaction, and fewer statements where the database can insert several rows at once.',
    code: `${repositoryOf(entity)}.${operation}(${listOf(entity)})`,
  };
}

function statementAdvice(
  { record, statement }: AnalysedQuery,
  entity: string,
  unit: AnalysedUnit,
): Finding['advice'] {
  const model = entityOf(unit.schemas.get(record.dataSource), entity);
  const keys = model?.columns.filter(({ isPrimary }) => isPrimary) ?? [];
  const [key] = keys;
  if (statement.kind === 'insert') {
    return {
      text: 'Insert all rows with one statement.',
      ...(model === undefined ? {} : { code: `${repositoryOf(entity)}.insert(${listOf(entity)})` }),
    };
  }
  if (statement.kind === 'delete') {
    return {
      text: 'Delete all rows with one statement.',
      ...(key === undefined || keys.length > 1
        ? {}
        : { code: `${repositoryOf(entity)}.delete({ ${key.property}: In(${key.property}s) })` }),
    };
  }
  return {
    text: 'Change all rows with one statement where they get the same values, else run the loop inside one transaction.',
    code: 'dataSource.transaction(async (manager) => { ... })',
  };
}
