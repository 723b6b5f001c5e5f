import type { RecordSink } from '../../record/record-sink.js';
import type { Channel } from './channel.js';
import { Lens } from './lens.js';
import type { Numbering } from './numbering.js';
import { SharedPatches } from '../shared-patches.js';

/** What capture keeps of the process: one for every copy of the package, because there is one of each patched object. */
export interface CaptureRegistry {
  /** By TypeORM driver: query runners, query builders and managers all lead to it. */
  readonly channels: WeakMap<object, Channel>;
  /** One for each sink that captures anything. */
  readonly lenses: WeakMap<RecordSink, Lens>;
  /** Lenses that want every data source. Replaced, never changed. */
  living: readonly Lens[];
  readonly patches: SharedPatches;
  readonly numbering: Numbering;
}

const KEY = Symbol.for('nestjs-query-lens');

/** Made by whoever asks first. */
export function captureRegistry(): CaptureRegistry {
  const shared = ((globalThis as { [KEY]?: { capture?: CaptureRegistry } })[KEY] ??= {});
  return (shared.capture ??= {
    channels: new WeakMap(),
    lenses: new WeakMap(),
    living: [],
    patches: new SharedPatches(),
    numbering: { runners: 0, transactions: 0, batches: 0 },
  });
}

/** The lens of a sink, from its first use to the sink's end. */
export function lensOf(sink: RecordSink, registry: CaptureRegistry): Lens {
  let lens = registry.lenses.get(sink);
  if (lens === undefined) {
    lens = new Lens(sink, registry.numbering, (unused) => {
      registry.patches.release(unused);
    });
    registry.lenses.set(sink, lens);
  }
  return lens;
}
