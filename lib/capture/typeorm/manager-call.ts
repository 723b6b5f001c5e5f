import type { CaptureRegistry } from './capture-registry.js';
import { replaceMethod } from '../replace-method.js';
import { runLoad, type LoadKind } from './run-load.js';
import type { EntityManagerShape } from './typeorm-shapes.js';

/** One call, as its arguments describe it. */
export interface ManagerCall extends Pick<LoadKind, 'describe'> {
  /** Class name. */
  readonly entity: string;
  /** Class, schema or name that TypeORM finds the entity's metadata by. */
  readonly target: unknown;
}

/**
 * Wraps a method of the entity manager. The stack is taken here: people write `return this.repository.save(x)`, and TypeORM
 * returns promises of its own without awaiting them, so the statements' stacks may end before they reach the caller.
 */
export function patchManagerCall(
  prototype: object,
  operation: string,
  registry: CaptureRegistry,
  read: (args: readonly unknown[]) => ManagerCall | undefined,
): () => void {
  return replaceMethod(
    prototype,
    operation,
    (original) =>
      function managerCall(this: unknown, ...args) {
        const manager = this as EntityManagerShape;
        const channel = registry.channels.get((manager.dataSource ?? manager.connection)?.driver ?? registry);
        const call = channel === undefined ? undefined : readSafely(() => read(args));
        if (call === undefined) return original.apply(this, args);
        const kind: LoadKind = {
          stack: (lens, scope) =>
            lens.stacks.capture(scope.recorder, `${operation} ${call.entity}`, managerCall),
          call: () => ({ operation, table: tableOf(manager, call.target) }),
          describe: call.describe,
        };
        return runLoad(channel, kind, () => original.apply(this, args));
      },
  );
}

function tableOf({ dataSource, connection }: EntityManagerShape, target: unknown): string | undefined {
  const owner = dataSource ?? connection;
  return owner?.hasMetadata(target) === true ? owner.getMetadata(target).tableName : undefined;
}

/** Arguments are the host's objects: a getter of theirs may throw. TypeORM will say so itself, or not. */
function readSafely(read: () => ManagerCall | undefined): ManagerCall | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
