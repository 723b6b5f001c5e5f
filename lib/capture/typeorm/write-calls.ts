import type { WriteRecord } from '../../record/load-record.js';
import type { CaptureRegistry } from './capture-registry.js';
import { patchManagerCall } from './manager-call.js';
import { targetName } from './target-name.js';

export const WRITE_OPERATIONS = [
  'insert',
  'upsert',
  'update',
  'delete',
  'softDelete',
  'restore',
  'increment',
  'decrement',
] as const satisfies readonly WriteRecord['operation'][];

/** Wraps `insert(target, ...)` and its kin. */
export function patchWriteCall(
  prototype: object,
  operation: WriteRecord['operation'],
  registry: CaptureRegistry,
): () => void {
  return patchManagerCall(prototype, operation, registry, ([target]) => {
    const entity = targetName(target) ?? 'unknown';
    return {
      entity,
      target,
      describe: (_, basis): WriteRecord => ({ ...basis, kind: 'write', operation, entity }),
    };
  });
}
