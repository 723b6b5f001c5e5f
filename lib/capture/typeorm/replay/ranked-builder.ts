import type { RowWindow } from '../../../analysis/row-window.js';
import type { JoinAttributeShape } from '../typeorm-shapes.js';
import type { KeyedBuilder } from './keyed-builder.js';
import type { ReplayBuilderShape, ReplayDataSourceShape } from './replay-shapes.js';
import { ReplayStopped } from './replay-runner.js';

const ROW = 'query_lens_row';
const RANKED = 'query_lens_ranked';

/** The rows of a window for each key, in one statement: what a loop of calls with `take` reads one by one. */
export function rankedBuilder(
  { builder: inner, column }: KeyedBuilder,
  { skip, take }: RowWindow,
  dataSource: ReplayDataSourceShape,
  runner: object,
): ReplayBuilderShape {
  const { mainAlias, joinAttributes, groupBys = [], withDeleted, allOrderBys = {} } = inner.expressionMap;
  if (mainAlias?.hasMetadata !== true) throw new ReplayStopped('it loads no entities');
  if (joinAttributes.some(isMore) || groupBys.length > 0)
    throw new ReplayStopped('what is joined to the ranked rows has to be written by hand');
  const { name, metadata } = mainAlias;
  const primary = metadata.columns
    .filter(({ isPrimary }) => isPrimary)
    .map(({ propertyPath }) => propertyPath);
  const order = Object.entries(allOrderBys).map(([by, how]) => `${by} ${directionOf(how)}`);
  const sorted = order.length > 0 ? order : primary.map((property) => `${name}.${property}`);
  inner.orderBy().skip(undefined).take(undefined).limit(undefined).offset(undefined);
  primary.forEach((property, at) => {
    if (at === 0) inner.select(`${name}.${property}`, 'query_lens_id0');
    else inner.addSelect(`${name}.${property}`, `query_lens_id${String(at)}`);
  });
  inner.addSelect(
    `row_number() OVER (PARTITION BY ${column} ORDER BY ${sorted.join(', ')})`,
    'query_lens_place',
  );
  const places = `${RANKED}.query_lens_place > ${String(skip)} AND ${RANKED}.query_lens_place <= ${String(skip + take)}`;
  const same = primary.map((property, at) => `${RANKED}.query_lens_id${String(at)} = ${ROW}.${property}`);
  const outer = dataSource.createQueryBuilder(runner).select(ROW).from(metadata.target, ROW);
  if (withDeleted === true) outer.withDeleted();
  return outer
    .innerJoin(`(${inner.getQuery()})`, RANKED, [...same, places].join(' AND '))
    .setParameters(inner.getParameters());
}

/** A join that brings columns, or a row more than once. */
function isMore({ isSelected, relation }: JoinAttributeShape): boolean {
  return isSelected || relation === undefined || relation.isOneToMany || relation.isManyToMany;
}

function directionOf(how: unknown): string {
  if (typeof how === 'string') return how;
  const { order = 'ASC', nulls = '' } = how as { order?: string; nulls?: string };
  return `${order} ${nulls}`;
}
