import type { EntityModel } from '../../record/schema-model.js';
import { readSearch } from '../../sql/read-search.js';
import { dialectOf } from '../../sql/sql-dialect.js';
import type { AnalysedUnit } from '../detector.js';
import type { RelationLoad } from '../relation-load.js';
import { mainTable } from '../relation-loads/key-lookup.js';

/** A property of the rows that a call sorts by. */
export interface CallOrder {
  readonly property: string;
  readonly isDescending: boolean;
}

/** By what a call by hand sorts its rows, empty where by nothing; undefined where it is not by columns of their own. */
export function callOrder(
  { queries, dataSource }: RelationLoad,
  rows: EntityModel | undefined,
  unit: AnalysedUnit,
): readonly CallOrder[] | undefined {
  // The ids of a page are sorted by aliases of its subquery.
  const query = queries.find(({ statement }) => !statement.isDistinctIds);
  const table = query && mainTable(query);
  if (query === undefined || table === undefined) return undefined;
  const { order, isSorting } = readSearch(
    query.statement.text,
    dialectOf(unit.schemas.get(dataSource)?.driver ?? ''),
  );
  const found = order.flatMap(({ column: { qualifier, column }, isDescending }): CallOrder[] => {
    const isOwn = qualifier === undefined || qualifier === (table.alias ?? table.name);
    const own = isOwn ? rows?.columns.find((candidate) => candidate.column === column) : undefined;
    return own === undefined ? [] : [{ property: own.property, isDescending }];
  });
  return found.length < order.length || (isSorting && found.length === 0) ? undefined : found;
}

/** `order: { title: 'DESC' }`, below the relations of a path. */
export function orderOption(order: readonly CallOrder[], path: readonly string[] = []): string {
  const columns = order.map(({ property, isDescending }) => {
    const [first = '', ...below] = property.split('.');
    return `${first}: ${below.reduceRight((inner, name) => `{ ${name}: ${inner} }`, isDescending ? "'DESC'" : "'ASC'")}`;
  });
  const steps = path.flatMap((property) => property.split('.'));
  return `order: ${steps.reduceRight((inner, name) => `{ ${name}: ${inner} }`, `{ ${columns.join(', ')} }`)}`;
}

/** `.orderBy('book.title', 'DESC')`, one line for each. */
export function orderLines(order: readonly CallOrder[], alias: string): readonly string[] {
  return order.map(({ property, isDescending }, at) => {
    const direction = isDescending ? ", 'DESC'" : '';
    return `  .${at === 0 ? 'orderBy' : 'addOrderBy'}('${alias}.${property}'${direction})`;
  });
}
