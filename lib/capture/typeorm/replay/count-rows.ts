import type { LoadedEntity } from '../../../investigation/loading/loaded-entity.js';
import type { Replay } from '../../../record/replay.js';
import { callBuilder } from './call-builder.js';
import { keyedBuilder } from './keyed-builder.js';
import type { ReplayDataSourceShape } from './replay-shapes.js';
import { ReplayStopped, type ReplayRunner } from './replay-runner.js';

/** Whether a call counts rows, or asks whether there are any. */
export function isCount({ kind }: Replay): boolean {
  return kind === 'count' || kind === 'exists';
}

/** Each count of a loop as it was: what it counted, by its key. Nothing where it counted nothing. */
export async function countOneByOne(
  calls: readonly Replay[],
  dataSource: ReplayDataSourceShape,
  runner: ReplayRunner,
): Promise<readonly (readonly LoadedEntity[])[]> {
  const builders = calls.map((call) => callBuilder(call, dataSource, runner));
  const { keys } = keyedBuilder(builders);
  const counts: (readonly LoadedEntity[])[] = [];
  for (const [at, builder] of builders.entries()) {
    const rows = calls[at]?.kind === 'exists' ? await builder.getExists() : await builder.getCount();
    counts.push(Number(rows) === 0 ? [] : [counted(keys[at], rows)]);
  }
  return counts;
}

/** All counts of a loop with one statement, grouped by their key. */
export async function countByKeys(
  calls: readonly Replay[],
  dataSource: ReplayDataSourceShape,
  runner: ReplayRunner,
): Promise<readonly LoadedEntity[]> {
  const { builder, column } = keyedBuilder(calls.map((call) => callBuilder(call, dataSource, runner)));
  const { mainAlias, withDeleted, groupBys = [], joinAttributes } = builder.expressionMap;
  if (withDeleted === true)
    throw new ReplayStopped('it counts removed rows, which has to be said in the query by hand');
  if (groupBys.length > 0) throw new ReplayStopped('it groups its rows already');
  // A count of joined rows counts each entity once, and COUNT(*) each row.
  const keyAlias = column.slice(0, column.indexOf('.'));
  if (joinAttributes.some(({ alias }) => alias.name !== keyAlias))
    throw new ReplayStopped('it joins more than its key, which has to be written by hand');
  const isExists = calls[0]?.kind === 'exists';
  const grouped = builder.orderBy().skip(undefined).take(undefined).limit(undefined).offset(undefined);
  grouped.select(column, 'query_lens_key').groupBy(column);
  if (mainAlias?.hasMetadata === true && mainAlias.metadata.orderBy !== undefined) grouped.orderBy(column);
  if (!isExists) grouped.addSelect('COUNT(*)', 'query_lens_count');
  const rows = await grouped.getRawMany<{ query_lens_key: unknown; query_lens_count?: unknown }>();
  return rows.map((row) => counted(row.query_lens_key, isExists ? true : Number(row.query_lens_count)));
}

function counted(key: unknown, rows: number | boolean): LoadedEntity {
  return { id: String(key), entity: 'count', values: new Map([['rows', rows]]), relations: new Map() };
}
