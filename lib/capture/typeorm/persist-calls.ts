import type { PersistRecord } from '../../record/load-record.js';
import type { CaptureRegistry } from './capture-registry.js';
import { patchManagerCall } from './manager-call.js';
import { targetName } from './target-name.js';

export const PERSIST_OPERATIONS = ['save', 'remove', 'softRemove', 'recover'] as const;

/** Wraps `save(entity)`, `save(target, entity)`, with one entity or several, and its kin. */
export function patchPersistCall(
  prototype: object,
  operation: PersistRecord['operation'],
  registry: CaptureRegistry,
): () => void {
  return patchManagerCall(prototype, operation, registry, (args) => {
    const { entity, target, entities } = persisted(args);
    if (entities.length === 0) return undefined;
    return {
      entity,
      target,
      describe: ({ lens, scope, open }, basis, result): PersistRecord => {
        scope.recorder.persisted(entities);
        if (operation === 'save' && result !== undefined)
          lens.batches.addSaved(scope.recorder, entities, entity, open.id);
        return { ...basis, kind: 'persist', operation, entity, entities: entities.length };
      },
    };
  });
}

/** The arguments as TypeORM reads them: a class, schema or name may come before the entities. */
function persisted(args: readonly unknown[]): Persisted {
  const name = args.length > 1 ? targetName(args[0]) : undefined;
  const given = name === undefined ? args[0] : args[1];
  const entities: readonly unknown[] = Array.isArray(given) ? given : [given];
  const ownClass = (entities[0] as { constructor?: { name?: unknown } } | null | undefined)?.constructor;
  const className = typeof ownClass?.name === 'string' ? ownClass.name : 'Object';
  return name === undefined
    ? { entity: className, target: ownClass, entities }
    : { entity: name, target: args[0], entities };
}

interface Persisted {
  readonly entity: string;
  readonly target: unknown;
  readonly entities: readonly unknown[];
}
