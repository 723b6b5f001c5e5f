import Module from 'node:module';
import { relative, sep } from 'node:path';
import { SourceMaps } from '../source-maps.js';

interface LoadedModule {
  readonly exports?: unknown;
}

/** What Node keeps of the CommonJS modules that it has loaded, by file; not public, and absent elsewhere. */
function loadedModules(): Readonly<Record<string, LoadedModule>> {
  return (Module as { _cache?: Readonly<Record<string, LoadedModule>> })._cache ?? {};
}

/**
 * The file, relative to the working directory, that exports a class under its own name, for classes of CommonJS modules
 * outside of `node_modules`; where it was compiled, the source. A class does not know its file, and ES modules keep it to
 * themselves.
 */
export function entityFiles(
  targets: readonly unknown[],
  modules: Readonly<Record<string, LoadedModule>> = loadedModules(),
): ReadonlyMap<unknown, string> {
  const wanted = new Map(
    targets.flatMap((target) => (typeof target === 'function' ? [[target.name, target]] : [])),
  );
  const files = new Map<unknown, string>();
  const maps = new SourceMaps();
  for (const [file, { exports }] of Object.entries(modules)) {
    if (typeof exports !== 'object' || exports === null || file.includes(`${sep}node_modules${sep}`))
      continue;
    for (const name of namesOf(exports)) {
      const target = wanted.get(name);
      // The first that was loaded: what imports it, to export it again, is loaded afterwards.
      if (target !== undefined && !files.has(target) && valueOf(exports, name) === target)
        files.set(
          target,
          relative(process.cwd(), maps.sourceOf(file) ?? file)
            .split(sep)
            .join('/'),
        );
    }
  }
  return files;
}

/** Anything may be exported, a proxy that throws as well. */
function namesOf(exports: object): readonly string[] {
  try {
    return Object.keys(exports);
  } catch {
    return [];
  }
}

/** Compilers write getters for what a module exports; one that throws is none of ours. */
function valueOf(exports: object, name: string): unknown {
  try {
    return Reflect.get(exports, name);
  } catch {
    return undefined;
  }
}
