import { entityOf } from '../../record/relation-of.js';
import type { EntityModel } from '../../record/schema-model.js';
import type { AnalysedUnit } from '../detector.js';
import { repositoryOf, variableOf } from '../relation-code.js';
import type { RelationLoad } from '../relation-load.js';
import type { RowWindow } from '../row-window.js';
import { callOrder, orderLines, type CallOrder } from './call-order.js';
import { keysName, type ChildKey } from './child-key.js';

/**
 * The first rows of each parent, in one statement, as entities. Undefined where the foreign key stands in a junction
 * table, and where the schema does not know the children or their primary key.
 */
export function rankedCode(
  load: RelationLoad,
  key: ChildKey | undefined,
  window: RowWindow,
  unit: AnalysedUnit,
): string | undefined {
  const target = entityOf(unit.schemas.get(load.dataSource), key?.target);
  if (target === undefined || key === undefined || !hasColumn(target, key.column)) return undefined;
  const primary = target.columns.filter(({ isPrimary }) => isPrimary).map(({ property }) => property);
  // Rows one relation further than the key are not those that would be ranked.
  if (primary.length === 0 || load.through !== undefined) return undefined;
  const row = variableOf(target.name);
  const call = unit.tree.outermost(load.queries[0]?.record.load);
  const removed = call?.kind === 'entities' && call.withDeleted === true ? '.withDeleted()' : undefined;
  const known = callOrder(load, target, unit);
  const order = known?.length === 0 ? primary.map((property) => ({ property, isDescending: false })) : known;
  const keys = keysName(key);
  const names = primary.map((_, at) => (primary.length === 1 ? 'id' : `id${at + 1}`));
  const same = primary.map((property, at) => `ranked.${names[at] ?? ''} = ${row}.${property}`).join(' AND ');
  return [
    repositoryOf(target.name),
    `  .createQueryBuilder('${row}')`,
    ...(removed === undefined ? [] : [`  ${removed}`]),
    '  .innerJoin(',
    '    (qb) =>',
    '      qb',
    ...primary.map(
      (property, at) =>
        `        .${at === 0 ? 'select' : 'addSelect'}('r.${property}', '${names[at] ?? ''}')`,
    ),
    `        .addSelect('row_number() OVER (PARTITION BY r.${key.property} ORDER BY ${rankText(order)})', 'place')`,
    `        .from(${target.name}, 'r')`,
    ...(removed === undefined ? [] : [`        ${removed}`]),
    `        .where('r.${key.property} IN (:...${keys})', { ${keys} }),${load.isFiltered === true ? ' // and the further conditions' : ''}`,
    "    'ranked',",
    `    '${same} AND ${placeText(window)}',`,
    '  )',
    ...orderLines(order ?? [], row),
    '  .getMany()',
  ].join('\n');
}

/** `...` where the order of the rows cannot be told. */
function rankText(order: readonly CallOrder[] | undefined): string {
  const columns = order?.map(({ property, isDescending }) => `r.${property}${isDescending ? ' DESC' : ''}`);
  return columns?.join(', ') ?? '...';
}

function placeText({ skip, take }: RowWindow): string {
  const last = `ranked.place <= ${skip + take}`;
  return skip === 0 ? last : `ranked.place > ${skip} AND ${last}`;
}

/** The foreign key stands in the children's own table, not in a junction table. */
function hasColumn(target: EntityModel, column: string): boolean {
  return (
    target.columns.some((own) => own.column === column) ||
    target.relations.some((own) => own.joinColumns.some((join) => join.column === column))
  );
}
