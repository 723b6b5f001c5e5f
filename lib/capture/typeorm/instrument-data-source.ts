import type { RecordSink } from '../../record/record-sink.js';
import { captureRegistry, lensOf, type CaptureRegistry } from './capture-registry.js';
import { Channel } from './channel.js';
import { COUNT_METHODS, patchCountCalls } from './count-calls.js';
import { ENTITY_LOAD_METHOD, patchEntityLoads } from './entity-loads.js';
import type { Lens } from './lens.js';
import { PERSIST_OPERATIONS, patchPersistCall } from './persist-calls.js';
import { WRITE_OPERATIONS, patchWriteCall } from './write-calls.js';
import { patchQueryRunner } from './query-runner-patch.js';
import { wrapRelationLoader } from './relation-loads.js';
import { ownerOf, replaceMethod } from '../replace-method.js';
import { wrapResultCache } from './result-cache.js';
import type { DataSourceShape } from './typeorm-shapes.js';

/** How a data source is recorded. */
export interface InstrumentOptions {
  /** What the data source is called in records. Default: the name it was configured with, else `default`. */
  readonly name?: string;
}

/**
 * Records every statement and load of a data source, initialised or not, into the sink. Calling it again for the same
 * sink only changes the name. Answers how to undo it; the last undo puts every original back.
 */
export function instrumentDataSource(
  dataSource: object,
  sink: RecordSink,
  options: InstrumentOptions = {},
): () => void {
  const registry = captureRegistry();
  const lens = lensOf(sink, registry);
  const channel = attach(dataSource as DataSourceShape, [lens], registry);
  if (channel === undefined) return () => undefined;
  channel.claim(lens, options.name);
  return () => {
    channel.leave(lens);
  };
}

/** What this TypeORM keeps from us, one sentence each. */
export function degradations(sink: RecordSink): readonly string[] {
  return lensOf(sink, captureRegistry()).degraded;
}

/** Records nothing of a data source, though the sink is hooked to take every one. */
export function ignoreDataSource(dataSource: object, sink: RecordSink): void {
  const registry = captureRegistry();
  registry.channels.get((dataSource as DataSourceShape).driver)?.refuse(lensOf(sink, registry));
}

/** Puts the wrappers on a data source, for the lenses given; they need not have claimed it. */
export function attach(
  dataSource: DataSourceShape,
  lenses: readonly Lens[],
  registry: CaptureRegistry,
): Channel | undefined {
  if (dataSource.options.type === 'mongodb') {
    for (const lens of lenses)
      lens.degrade('MongoDB does not go through query runners: its commands are not recorded.');
    return undefined;
  }
  const channel = registry.channels.get(dataSource.driver) ?? install(dataSource, registry);
  for (const lens of lenses) {
    channel.join(lens);
    retainClassPatches(dataSource, lens, registry);
  }
  return channel;
}

function install(dataSource: DataSourceShape, registry: CaptureRegistry): Channel {
  const { driver, relationLoader } = dataSource;
  const undo: (() => void)[] = [];
  const uninstall = () => {
    registry.channels.delete(driver);
    channel.comments.undo();
    for (const restore of undo) restore();
  };
  const channel: Channel = new Channel(
    driver,
    registry.numbering,
    () => registry.living,
    nameOf(dataSource),
    uninstall,
  );
  registry.channels.set(driver, channel);
  undo.push(wrapCreateQueryRunner(dataSource, channel, registry));
  if (typeof (relationLoader as { load?: unknown } | undefined)?.load === 'function')
    undo.push(wrapRelationLoader(dataSource, relationLoader as object, () => registry.channels.get(driver)));
  const undoCache = wrapResultCache(dataSource, () => registry.channels.get(driver));
  if (undoCache !== undefined) undo.push(undoCache);
  return channel;
}

/** Query runners are wrapped by class; the factory is where a class is met first. */
function wrapCreateQueryRunner(
  { driver }: DataSourceShape,
  channel: Channel,
  registry: CaptureRegistry,
): () => void {
  return replaceMethod(
    driver,
    'createQueryRunner',
    (original) =>
      function (this: unknown, ...args) {
        const runner = original.apply(this, args) as object;
        for (const lens of channel.lenses) retainRunnerPatch(runner, lens, registry);
        return runner;
      },
  );
}

function retainRunnerPatch(runner: object, lens: Lens, registry: CaptureRegistry): void {
  try {
    const prototype = Object.getPrototypeOf(runner) as object;
    registry.patches.retain(prototype, 'runner', lens, () => patchQueryRunner(prototype, registry));
  } catch (error) {
    lens.failed('query runner', error);
  }
}

function retainClassPatches(dataSource: DataSourceShape, lens: Lens, registry: CaptureRegistry): void {
  try {
    retainEntityLoads(dataSource, lens, registry);
    retainCountCalls(dataSource, lens, registry);
    retainPersistCalls(dataSource, lens, registry);
    retainWriteCalls(dataSource, lens, registry);
    if (typeof (dataSource.relationLoader as { load?: unknown } | undefined)?.load !== 'function')
      lens.degrade('This TypeORM has no relationLoader.load: lazy relations are named from their SQL alone.');
  } catch (error) {
    lens.failed('instrument', error);
  }
}

function retainEntityLoads(dataSource: DataSourceShape, lens: Lens, registry: CaptureRegistry): void {
  const owner = ownerOf(dataSource.createQueryBuilder(), ENTITY_LOAD_METHOD);
  if (owner === undefined) {
    lens.degrade(
      `This TypeORM has no ${ENTITY_LOAD_METHOD}: joined relations and entity counts are not known.`,
    );
    return;
  }
  registry.patches.retain(owner, 'loads', lens, () => patchEntityLoads(owner, registry));
}

/** A version that lacks one of these has counts that cannot be run again. */
function retainCountCalls(dataSource: DataSourceShape, lens: Lens, registry: CaptureRegistry): void {
  for (const method of Object.keys(COUNT_METHODS) as (keyof typeof COUNT_METHODS)[]) {
    const owner = ownerOf(dataSource.createQueryBuilder(), method);
    if (owner !== undefined)
      registry.patches.retain(owner, method, lens, () => patchCountCalls(owner, method, registry));
  }
}

function retainPersistCalls(dataSource: DataSourceShape, lens: Lens, registry: CaptureRegistry): void {
  for (const operation of PERSIST_OPERATIONS) {
    const owner = ownerOf(dataSource.manager, operation);
    if (owner === undefined) {
      lens.degrade(`This TypeORM has no EntityManager.${operation}: its statements are not tied together.`);
      continue;
    }
    registry.patches.retain(owner, operation, lens, () => patchPersistCall(owner, operation, registry));
  }
}

/** A version that lacks one of these calls has nothing to record there. */
function retainWriteCalls(dataSource: DataSourceShape, lens: Lens, registry: CaptureRegistry): void {
  for (const operation of WRITE_OPERATIONS) {
    const owner = ownerOf(dataSource.manager, operation);
    if (owner !== undefined)
      registry.patches.retain(owner, operation, lens, () => patchWriteCall(owner, operation, registry));
  }
}

/** TypeORM 1 dropped `DataSource.name`; @nestjs/typeorm still leaves it in the options. */
function nameOf(dataSource: DataSourceShape): string {
  return dataSource.name ?? dataSource.options.name ?? 'default';
}
