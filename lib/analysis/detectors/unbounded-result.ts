import type { EntityLoadRecord } from '../../record/load-record.js';
import { entityOf } from '../../record/relation-of.js';
import type { AnalysedUnit, Detector } from '../detector.js';
import type { Finding } from '../finding.js';
import { isPlainRead, mainTable } from '../relation-loads/key-lookup.js';
import { makeFinding } from '../make-finding.js';
import { repositoryOf, variableOf } from '../relation-code.js';
import type { AnalysedQuery } from '../relation-load.js';
import { groupBy } from '../totals.js';

/**
 * A list read without take or limit that returned very many rows. Silent where the statement is bounded by a list of
 * keys, where rows are groups, and for streams. Rulings: RULINGS.md, "unbounded-result".
 */
export const detectUnboundedResult: Detector = (unit, thresholds) => {
  const large = unit.queries.filter(
    (query) => rowsOf(query) >= thresholds.unboundedRows && isUnbounded(query, unit),
  );
  return [...groupBy(large, ({ statement }) => statement.fingerprint).values()].map((group) =>
    finding(group, unit),
  );
};

function isUnbounded(query: AnalysedQuery, unit: AnalysedUnit): boolean {
  const { record, statement } = query;
  if (!isPlainRead(query) || statement.limit !== undefined || statement.isAggregate) return false;
  if (unit.tree.persistAround(record.load) !== undefined) return false;
  const relation = unit.tree.relationAround(record.load);
  if (relation !== undefined && relation.parents > 1) return false;
  const load = unit.tree.find(record.load);
  if (
    load?.kind === 'entities' &&
    (load.take !== undefined || (load.entities <= 1 && relation === undefined))
  )
    return false;
  return !statement.predicates.some(
    ({ operator, values, isConjunct }) => isConjunct && operator === 'in' && values.length > 1,
  );
}

function rowsOf({ record }: AnalysedQuery): number {
  return record.rowsReturned ?? 0;
}

function finding(group: readonly AnalysedQuery[], unit: AnalysedUnit): Finding {
  const [first] = group as [AnalysedQuery];
  const rows = Math.max(...group.map(rowsOf));
  const relation = unit.tree.relationAround(first.record.load);
  const load = unit.tree.find(first.record.load);
  const entity = load?.kind === 'entities' ? load.entity : undefined;
  const name =
    relation === undefined
      ? (entity ?? mainTable(first)?.name ?? 'table')
      : `${relation.entity}.${relation.relation}`;
  return makeFinding(unit, {
    kind: 'unbounded-result',
    severity: 'warning',
    title: `${name} was read without a limit: ${rows.toLocaleString('en-US')} rows`,
    relation: name,
    queries: group,
    evidence: {
      text: `${rows.toLocaleString('en-US')} rows came back from one statement that has no take or limit. It grows with the table.`,
      facts: { rows, statements: group.length },
    },
    advice: {
      text: 'Read a page at a time, or stream where all rows are needed.',
      ...(load?.kind === 'entities' ? { code: pageCode(load, unit, first) } : {}),
    },
  });
}

/** In the order of the primary key: pages must not overlap. */
function pageCode({ entity, isFind }: EntityLoadRecord, unit: AnalysedUnit, query: AnalysedQuery): string {
  const columns = entityOf(unit.schemas.get(query.record.dataSource), entity)?.columns;
  const primary = columns?.filter(({ isPrimary }) => isPrimary).map(({ property }) => property) ?? [];
  const keys = primary.length === 0 ? ['id'] : primary;
  const alias = mainTable(query)?.alias ?? variableOf(entity);
  return isFind
    ? `${repositoryOf(entity)}.find({ order: { ${keys.map((key) => `${key}: 'ASC'`).join(', ')} }, take: 100, skip: page * 100 })`
    : `${keys.map((key) => `.addOrderBy('${alias}.${key}')`).join('')}.take(100).skip(page * 100)`;
}
