import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `relation-matrix.md` says of one relation. */
export interface ExpectedRow {
  readonly title: string;
  /** `Author.books`, outermost first. */
  readonly relations: readonly string[];
  readonly isOn: (database: string) => boolean;
  /** `5 lazy: n-plus-one, join`, `fails`; undefined where the cell cannot exist. */
  readonly cell: (way: string, version: string) => string | undefined;
}

export interface ExpectedTable {
  readonly ways: readonly string[];
  readonly rows: readonly ExpectedRow[];
  /** Letters of the footnotes that cells refer to, and of those that are explained. */
  readonly footnotes: { readonly used: readonly string[]; readonly explained: readonly string[] };
}

/** Reads the table that people read. */
export function expectedTable(): ExpectedTable {
  const text = readFileSync(join(import.meta.dirname, 'relation-matrix.md'), 'utf8');
  const lines = text.split('\n').filter((line) => line.startsWith('|'));
  const [head = [], , ...rows] = lines.map(valuesOf);
  const [, , , ...ways] = head;
  return {
    ways,
    rows: rows.map((row) => expectedRow(row, ways)),
    footnotes: {
      used: lettersOf(lines.join(), / \[(\w)\]/g),
      explained: lettersOf(text, /^- \*\*(\w)\*\*:/gm),
    },
  };
}

function expectedRow(
  [title = '', names = '', on = '', ...cells]: readonly string[],
  ways: readonly string[],
): ExpectedRow {
  const databases = withoutFootnote(on).split(', ');
  return {
    title,
    relations: names.split(', ').map((name) => name.replaceAll('`', '')),
    isOn: (database) => databases.includes('all') || databases.includes(database),
    cell: (way, version) => {
      const variants = (cells[ways.indexOf(way)] ?? '').split('<br>');
      const own = variants.find((variant) => variant.startsWith(`${version}: `));
      const text = withoutFootnote(own?.slice(version.length + 2) ?? variants[0] ?? '');
      return text === 'none' ? undefined : text;
    },
  };
}

function valuesOf(line: string): readonly string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((value) => value.trim());
}

function withoutFootnote(text: string): string {
  return text.replace(/ \[\w\]$/, '');
}

function lettersOf(text: string, pattern: RegExp): readonly string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, letter]) => letter ?? ''))].sort();
}
