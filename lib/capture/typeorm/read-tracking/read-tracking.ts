import { isAmbient } from '../../../record/ambient.js';
import type { TrackReads } from '../../../record/entity-reads.js';
import type { RecordScope } from '../../../record/record-sink.js';
import type { UnitRecorder } from '../../../record/unit-recorder.js';
import type { EntityMetadataShape, SelectQueryBuilderShape } from '../typeorm-shapes.js';
import { LoadWatch } from './load-watch.js';
import type { Reader } from './node-reads.js';
import { PropertyKinds } from './property-kinds.js';
import { ReadSampling } from './read-sampling.js';

/** Watches the entities of some loads for what is read of them, for one lens. */
export class ReadTracking {
  private readonly sampling = new ReadSampling();
  private readonly kinds = new PropertyKinds();

  /**
   * Whether the load that begins now is to be watched. Only loads that the application asked for itself, inside a unit of
   * work: what is loaded in the background is often kept, and read when nobody looks any more.
   */
  isWanted(
    mode: TrackReads | undefined,
    { recorder, load }: RecordScope,
    metadata: EntityMetadataShape,
    { expressionMap }: SelectQueryBuilderShape,
  ): boolean {
    if (mode === undefined || mode === 'off' || load !== undefined) return false;
    if (isAmbient(recorder.kind) || !recorder.mayWatch) return false;
    return this.sampling.isWanted(mode, metadata, expressionMap.joinAttributes);
  }

  /** `result` is what the load with this id gave: raw rows and entities, or nothing when it failed. */
  watch(
    recorder: UnitRecorder,
    id: number,
    { expressionMap }: SelectQueryBuilderShape,
    metadata: EntityMetadataShape,
    result: unknown,
  ): void {
    const { entities = [] } = (result ?? {}) as { entities?: readonly object[] };
    if (entities.length === 0) return;
    const alias = expressionMap.mainAlias?.name ?? '';
    const sortedBy = sortedProperties(alias, expressionMap.orderBys);
    const watch = new LoadWatch({ id, alias, metadata, entities, sortedBy }, this.kinds, readerOf(recorder));
    recorder.watch(watch, watch.size);
  }
}

function readerOf(recorder: UnitRecorder): Reader {
  return {
    get isSending() {
      return recorder.isSending;
    },
    isExact: recorder.kind === 'graphql',
  };
}

function sortedProperties(alias: string, orderBys: object | undefined): readonly string[] {
  const prefix = `${alias}.`;
  return Object.keys(orderBys ?? {}).flatMap((column) =>
    column.startsWith(prefix) ? (column.slice(prefix.length).split('.', 1)[0] as string) : [],
  );
}
