import { readFileSync, statSync } from 'node:fs';
import { findSourceMap, SourceMap, type SourceMapPayload } from 'node:module';
import { dirname, isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A place in a file; line and column count from 1. */
export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

const MAX_FILES = 200;
const MAX_BYTES = 20_000_000;
const COMMENT = /\/\/[#@] sourceMappingURL=(\S+)\s*$/;

/** Source maps of compiled files: Node's own under --enable-source-maps, else read from disk when first asked for. */
export class SourceMaps {
  private readonly maps = new Map<string, SourceMap | undefined>();

  /** Undefined when the file has no map, or its map does not know the place. */
  original(position: SourcePosition): SourcePosition | undefined {
    const map = this.mapOf(position.file);
    const entry = map?.findEntry(position.line - 1, position.column - 1);
    if (entry === undefined || !('originalSource' in entry) || typeof entry.originalLine !== 'number')
      return undefined;
    return {
      file: sourcePath(entry.originalSource, map?.payload.sourceRoot, position.file),
      line: entry.originalLine + 1,
      column: entry.originalColumn + 1,
    };
  }

  /** The file that a compiled one was made of; undefined where there is no map, or several were made one. */
  sourceOf(file: string): string | undefined {
    const map = this.mapOf(file);
    const [source, ...others] = map?.payload.sources ?? [];
    return source === undefined || others.length > 0
      ? undefined
      : sourcePath(source, map?.payload.sourceRoot, file);
  }

  private mapOf(file: string): SourceMap | undefined {
    if (this.maps.has(file)) return this.maps.get(file);
    if (this.maps.size >= MAX_FILES) this.maps.clear();
    const map = findSourceMap(file) ?? readMap(file);
    this.maps.set(file, map);
    return map;
  }
}

function readMap(file: string): SourceMap | undefined {
  try {
    const url = COMMENT.exec(readText(file))?.[1];
    if (url === undefined) return undefined;
    const text = url.startsWith('data:') ? decodeData(url) : readText(resolve(dirname(file), decodeURI(url)));
    return new SourceMap(JSON.parse(text) as SourceMapPayload);
  } catch {
    // Not there, not readable or not a map: the compiled place is still right.
    return undefined;
  }
}

function readText(file: string): string {
  return statSync(file).size > MAX_BYTES ? '' : readFileSync(file, 'utf8');
}

function decodeData(url: string): string {
  const comma = url.indexOf(',');
  const body = url.slice(comma + 1);
  return url.slice(0, comma).endsWith(';base64')
    ? Buffer.from(body, 'base64').toString('utf8')
    : decodeURIComponent(body);
}

function sourcePath(source: string, sourceRoot: string | undefined, file: string): string {
  if (source.startsWith('file://')) return fileURLToPath(source);
  if (isAbsolute(source)) return source;
  // Node puts the root in front of the source itself; some compilers write a root that is a URL of nowhere.
  const hasRoot = sourceRoot !== undefined && sourceRoot !== '' && !source.startsWith(sourceRoot);
  return resolve(dirname(file), hasRoot ? sourceRoot : '', source);
}
