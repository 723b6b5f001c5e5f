import type { CaptureRegistry } from './capture-registry.js';
import type { Lens } from './lens.js';
import { keepCount } from './replay/recorded-load.js';
import { replaceMethod } from '../replace-method.js';
import type { SelectQueryBuilderShape } from './typeorm-shapes.js';

/** What `count*`, `getCount` and `exists*` go through; protected in TypeORM. The second one from 0.3.12. */
export const COUNT_METHODS = { executeCountQuery: 'count', executeExistsQuery: 'exists' } as const;

type CountMethod = keyof typeof COUNT_METHODS;

/** Keeps counts that can be run again, where somebody wants to; does nothing else. */
export function patchCountCalls(
  prototype: object,
  method: CountMethod,
  registry: CaptureRegistry,
): () => void {
  return replaceMethod(
    prototype,
    method,
    (original) =>
      function (this: unknown, ...args) {
        const work = (): unknown => original.apply(this, args);
        return runKept(this as SelectQueryBuilderShape, method, registry, work);
      },
  );
}

function runKept(
  builder: SelectQueryBuilderShape,
  method: CountMethod,
  registry: CaptureRegistry,
  work: () => unknown,
): unknown {
  const progress = { hasBegun: false };
  let lens: Lens | undefined;
  try {
    lens = registry.channels
      .get((builder.dataSource ?? builder.connection)?.driver ?? registry)
      ?.pick()?.lens;
    const scope = lens?.sink.keepsReplays === true ? lens.sink.scope() : undefined;
    const id = scope && keepCount(scope, builder, COUNT_METHODS[method]);
    if (lens !== undefined && scope !== undefined && id !== undefined)
      return lens.sink.within(scope, id, () => {
        progress.hasBegun = true;
        return work();
      });
  } catch (error) {
    if (progress.hasBegun) throw error;
    lens?.failed('replay', error);
  }
  return work();
}
