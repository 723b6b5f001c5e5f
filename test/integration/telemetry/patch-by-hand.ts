import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const load = createRequire(import.meta.url);

/** Jest loads modules its own way, so an instrumentation's patches are put on by hand: the same ones, on the same modules. */
export function patchByHand(instrumentation: object): () => void {
  const patches: (() => void)[] = [];
  for (const { name, patch, unpatch, files } of [(instrumentation as any).init()].flat()) {
    for (const part of [{ name, patch, unpatch }, ...(name === 'pg' ? [] : files)]) {
      if (part.patch === undefined || part.name === 'mysql2/promise.js') continue;
      const [, ...path] = part.name.split('/');
      // Packages do not export all their files.
      const exported = load(path.length === 0 ? name : join(dirname(load.resolve(name)), ...path));
      part.patch(exported);
      patches.push(() => part.unpatch(exported));
    }
  }
  return () => {
    for (const undo of patches) undo();
  };
}
