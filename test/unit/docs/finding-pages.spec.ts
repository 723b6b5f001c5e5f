import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { FINDING_KINDS, type FindingKind } from '../../../lib/analysis/finding.js';
import { DEFAULT_THRESHOLDS } from '../../../lib/analysis/thresholds.js';

const thresholds = new Map<string, number>(Object.entries(DEFAULT_THRESHOLDS));

describe('docs/findings', () => {
  it('has a page for each kind that the code can make, and no other', () => {
    expect(pages()).toEqual(kindsMade());
  });

  it('lists each of them in its index', () => {
    const index = read('docs/findings/README.md');
    for (const kind of kindsMade()) expect(index).toContain(`[\`${kind}\`](${kind}.md)`);
  });

  it('names each threshold on the pages of the kinds it is for', () => {
    expect([...thresholdsByKind().values()].flat().sort()).toEqual(
      expect.arrayContaining([...thresholds.keys()].sort()),
    );
    for (const [kind, names] of thresholdsByKind()) {
      expect({
        kind,
        names: namedThresholds(kind)
          .map(([name]) => name)
          .sort(),
      }).toEqual({ kind, names: names.sort() });
    }
  });

  it.each(kindsMade())('%s names thresholds that exist, with their defaults', (kind) => {
    for (const [name, value] of namedThresholds(kind))
      expect([name, value]).toEqual([name, thresholds.get(name)]);
  });

  it.each(kindsMade())('%s says what it means, how to fix it and how to silence it', (kind) => {
    const page = read(`docs/findings/${kind}.md`);
    const headings = [...page.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual([
      'What it means',
      'Code that causes it',
      'What QueryLens says',
      'The fix',
      'When it stays silent',
      'Thresholds',
      'How to silence it',
    ]);
    expect(page).toContain(`kind: '${kind}'`);
    expect(page).toContain(`detectors: { '${kind}': false }`);
  });
});

function read(path: string): string {
  return readFileSync(path, 'utf8');
}

function pages(): string[] {
  const names = readdirSync('docs/findings').map((file) => file.replace(/\.md$/, ''));
  return names.filter((name) => name !== 'README').sort();
}

/** Every finding is made by an object literal with its kind. */
function kindsMade(): FindingKind[] {
  const files = readdirSync('lib', { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const sources = files.map((file) => read(join('lib', file)));
  return FINDING_KINDS.filter((kind) => sources.some((source) => source.includes(`kind: '${kind}',`))).sort();
}

/** The comment of each threshold begins with the kinds it is for: `n-plus-one and count-per-row: ...`. */
function thresholdsByKind(): Map<string, string[]> {
  const source = read('lib/analysis/thresholds.ts');
  const byKind = new Map<string, string[]>(kindsMade().map((kind) => [kind, []]));
  for (const [, kinds = '', name = ''] of source.matchAll(
    /\/\*\*\s+([a-z, -]+): [^/]*\*\/\s+readonly (\w+)/g,
  ))
    for (const kind of kinds.split(/, | and /)) byKind.get(kind)?.push(name);
  return byKind;
}

/** Rows of the page's table: `| thresholds.minRepeats | 3 | ... |`. */
function namedThresholds(kind: string): [string, number][] {
  const rows = read(`docs/findings/${kind}.md`).matchAll(/^\| `thresholds\.(\w+)` +\| ([\d.]+) +\|/gm);
  return [...rows].map(([, name = '', value]) => [name, Number(value)]);
}
