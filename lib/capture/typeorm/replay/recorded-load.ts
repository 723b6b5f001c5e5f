import { isAmbient } from '../../../record/ambient.js';
import type { RecordScope } from '../../../record/record-sink.js';
import { MAX_REPLAYS, type Replay } from '../../../record/replay.js';
import { isPlainObject } from '../find-options.js';
import type { LoadContext } from '../run-load.js';
import type { SelectQueryBuilderShape } from '../typeorm-shapes.js';
import type { FindOptionsShape, ReplayBuilderShape } from './replay-shapes.js';

/** A `find*` by its options. */
interface RecordedFind extends Replay {
  readonly kind: 'find';
  readonly target: unknown;
  readonly alias: string;
  readonly options: FindOptionsShape;
}

/** A query builder by a copy of it. */
interface RecordedBuilder extends Replay {
  readonly kind: 'builder';
  readonly builder: ReplayBuilderShape;
}

/** What capture keeps of a load to run it again. */
export type RecordedLoad = RecordedFind | RecordedBuilder;

/** A count or an existence test by a copy of its query builder. */
interface RecordedCount extends Replay {
  readonly kind: 'count' | 'exists';
  readonly builder: ReplayBuilderShape;
  readonly findOptions: FindOptionsShape | undefined;
}

/** What capture keeps of a call to run it again. */
export type RecordedReplay = RecordedLoad | RecordedCount;

/** Keeps the load that begins now, where somebody wants to run it again. Only loads that the application asked for itself. */
export function keepReplay(
  { lens, scope, open }: LoadContext,
  builder: SelectQueryBuilderShape,
  isFind: boolean,
): void {
  if (lens.sink.keepsReplays !== true || open.around !== undefined) return;
  if (!hasRoom(scope)) return;
  try {
    const recorded = recordedLoad(builder as ReplayBuilderShape, isFind);
    if (recorded !== undefined) scope.recorder.replays.set(open.id, recorded);
  } catch (error) {
    lens.failed('replay', error);
  }
}

/**
 * Keeps the count that begins now, under an id that its statement is to carry like that of a load; undefined where it is
 * not kept.
 */
export function keepCount(
  scope: RecordScope,
  builder: SelectQueryBuilderShape,
  kind: RecordedCount['kind'],
): number | undefined {
  const { lockMode } = (builder as ReplayBuilderShape).expressionMap;
  if (scope.load !== undefined || !hasRoom(scope) || (lockMode !== undefined && lockMode !== null))
    return undefined;
  const { findOptions } = builder as ReplayBuilderShape;
  const options = findOptions && (copyOf(findOptions, 0) as FindOptionsShape);
  const id = scope.recorder.nextLoad();
  scope.recorder.replays.set(id, {
    kind,
    builder: (builder as ReplayBuilderShape).clone(),
    findOptions: options,
  } as RecordedCount);
  return id;
}

/** What belongs to no unit of work is found nothing in. */
function hasRoom({ recorder: { kind, replays } }: RecordScope): boolean {
  return !isAmbient(kind) && replays.size < MAX_REPLAYS;
}

/** Undefined for loads that lock rows: a replay must not, and is another statement without. */
function recordedLoad(builder: ReplayBuilderShape, isFind: boolean): RecordedLoad | undefined {
  const { mainAlias, lockMode } = builder.expressionMap;
  if (mainAlias === undefined || (lockMode !== undefined && lockMode !== null)) return undefined;
  if (!isFind) return { kind: 'builder', builder: builder.clone() };
  const options = copyOf(builder.findOptions ?? {}, 0) as FindOptionsShape;
  return { kind: 'find', target: mainAlias.metadata.target, alias: mainAlias.name, options };
}

const MAX_DEPTH = 8;

/** The application may change its options object; entities, dates and find operators in it stay what they are. */
function copyOf(value: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => copyOf(item, depth + 1));
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copyOf(item, depth + 1)]));
}
