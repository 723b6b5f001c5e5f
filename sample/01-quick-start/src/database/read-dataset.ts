import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const packageEntry = createRequire(import.meta.url).resolve('vega-datasets');

/** Reads one file of the npm package `vega-datasets`. */
export function readDataset(file: string): Promise<string> {
  return readFile(join(dirname(packageEntry), '..', 'data', file), 'utf8');
}

/** The rows of a CSV text as objects, keyed by the names in its first line. */
export function parseCsv(text: string): Record<string, string>[] {
  const [header = [], ...rows] = text.trim().split(/\r?\n/).map(splitCsvLine);
  return rows.map((cells) => Object.fromEntries(header.map((name, column) => [name, cells[column] ?? ''])));
}

function splitCsvLine(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? '',
  );
}
