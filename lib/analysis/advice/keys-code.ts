import type { EntityLoadRecord } from '../../record/load-record.js';
import { entityOf } from '../../record/relation-of.js';
import type { AnalysedUnit } from '../detector.js';
import { pathsBelow } from '../paths-below.js';
import { relationsOption, repositoryOf, variableOf } from '../relation-code.js';
import type { RelationLoad } from '../relation-load.js';
import { mainTable } from '../relation-loads/key-lookup.js';
import { callOrder, orderLines, orderOption, type CallOrder } from './call-order.js';
import { findByKeys, keysName, readKey, whereKeys, type ChildKey } from './child-key.js';

/** One call for all keys. What the repeated call loads beside its main entity, and its order, the one call must have as well. */
export function keysCode(load: RelationLoad, key: ChildKey, unit: AnalysedUnit): string {
  const outermost = unit.tree.outermost(load.queries[0]?.record.load);
  const call = outermost?.kind === 'entities' ? outermost : undefined;
  const order = callOrder(load, entityOf(unit.schemas.get(load.dataSource), key.target), unit) ?? [];
  if (call !== undefined && isByBuilder(call, load, key)) return builderCode(call, load, key, order);
  const paths = pathsBelow(load, unit);
  const isFiltered = load.isFiltered === true;
  const where = whereKeys(key, `In(${keysName(key)})`);
  const others = [
    ...(paths.length === 0 ? [] : [`relations: ${relationsOption(paths)}`]),
    ...(paths.length > 0 && call?.relationLoadStrategy === 'query' ? [`relationLoadStrategy: 'query'`] : []),
    ...(order.length === 0 ? [] : [orderOption(order)]),
    ...(call?.withDeleted === true ? ['withDeleted: true'] : []),
  ];
  if (others.length === 0 && !isFiltered) return findByKeys(key, keysName(key));
  const options = [
    `where: ${isFiltered ? where.replace(/ }$/, ' /* and the further conditions */ }') : where}`,
    ...others,
  ];
  return `${repositoryOf(key.target)}.find({ ${options.join(', ')} })`;
}

/** By what the rows are told apart: `book.authorId`. */
export function mapKey(key: ChildKey | undefined): string {
  return key === undefined ? 'its key' : readKey(variableOf(key.target), key);
}

/** A query builder that compares a column of its own rows. */
function isByBuilder(call: EntityLoadRecord, { through }: RelationLoad, key: ChildKey): boolean {
  return !call.isFind && through === undefined && key.within === undefined && key.target === call.entity;
}

/** Whole where nothing but the key restricts it; otherwise the condition to change. */
function builderCode(
  { joins, withDeleted }: EntityLoadRecord,
  { queries: [query], isFiltered }: RelationLoad,
  key: ChildKey,
  order: readonly CallOrder[],
): string {
  const alias = (query && mainTable(query)?.alias) ?? variableOf(key.target);
  const keys = keysName(key);
  const condition = `.where('${alias}.${key.property} IN (:...${keys})', { ${keys} })`;
  if (isFiltered === true || joins.length > 0)
    return `// in the query builder, instead of its condition on one value:\n${condition}`;
  return [
    repositoryOf(key.target),
    `  .createQueryBuilder('${alias}')`,
    ...(withDeleted === true ? ['  .withDeleted()'] : []),
    `  ${condition}`,
    ...orderLines(order, alias),
    '  .getMany()',
  ].join('\n');
}
