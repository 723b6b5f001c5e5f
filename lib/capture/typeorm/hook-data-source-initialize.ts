import type { RecordSink } from '../../record/record-sink.js';
import { captureRegistry, lensOf } from './capture-registry.js';
import { attach } from './instrument-data-source.js';
import { replaceMethod } from '../replace-method.js';
import type { DataSourceShape } from './typeorm-shapes.js';

/**
 * Makes the sink a taker of every data source of this TypeORM from its `initialize` on: version probe, schema
 * synchronisation and migrations included. Which sink gets what is said at {@link Channel}. Answers how to undo it.
 */
export function hookDataSourceInitialize(
  dataSourceClass: { readonly prototype: object },
  sink: RecordSink,
): () => void {
  const registry = captureRegistry();
  const lens = lensOf(sink, registry);
  lens.isHooked = true;
  if (!registry.living.includes(lens)) registry.living = [...registry.living, lens];
  const { prototype } = dataSourceClass;
  registry.patches.retain(prototype, 'initialize', lens, () =>
    replaceMethod(
      prototype,
      'initialize',
      (original) =>
        function (this: unknown, ...args) {
          for (const living of registry.living) {
            try {
              attach(this as DataSourceShape, [living], registry);
              living.sink.opened?.(this as object);
            } catch (error) {
              living.failed('initialize', error);
            }
          }
          return original.apply(this, args);
        },
    ),
  );
  return () => {
    registry.living = registry.living.filter((other) => other !== lens);
    registry.patches.release(lens, 'initialize');
    lens.unhook();
  };
}
