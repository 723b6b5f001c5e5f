// `npm run compatibility [-- --only nest11-typeorm0.3.31]`: installs the packed library (of the last commit) with old and
// new versions of what it works with, in folders outside of the repository, and runs the same checks in each. Prints one
// line for each cell and writes the table of docs/compatibility.md. Needs a registry; what was installed is kept in
// QUERY_LENS_COMPATIBILITY_CACHE, or the system's folder for temporary files.
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cells } from '../test/compatibility/cells.mjs';
import { packCommitted } from '../test/compatibility/pack.mjs';
import { runCell } from '../test/compatibility/run-cell.mjs';
import { writeTable } from '../test/compatibility/write-table.mjs';

const root = join(import.meta.dirname, '..');
const cache = process.env['QUERY_LENS_COMPATIBILITY_CACHE'] ?? join(tmpdir(), 'query-lens-compatibility');
const wanted = chooseCells(process.argv.slice(2));
mkdirSync(cache, { recursive: true });

const tarball = packCommitted(root, cache);
console.log(`nestjs-query-lens of commit ${tarball.commit}, ${wanted.length} cells`);
const outcomes = wanted.map((cell) => {
  const startedAt = Date.now();
  const outcome = attempt(cell);
  print(outcome, (Date.now() - startedAt) / 1000);
  return outcome;
});
await writeTable(join(root, 'docs/compatibility.md'), outcomes, cells);
process.exit(outcomes.every(({ failures }) => failures.length === 0) ? 0 : 1);

function attempt(cell) {
  try {
    return runCell(cell, tarball, cache, root);
  } catch (error) {
    return { id: cell.id, cell, failures: [error.message], checks: 0, degraded: [], node: '', versions: {} };
  }
}

function print({ id, failures, checks, degraded }, seconds) {
  const state = failures.length === 0 ? 'ok    ' : 'FAILED';
  console.log(
    `${state} ${id.padEnd(34)} ${String(checks).padStart(3)} checks ${seconds.toFixed(1).padStart(6)} s`,
  );
  for (const text of failures) console.log(text.replace(/^/gm, '         '));
  for (const text of degraded) console.log(`         degraded: ${text}`);
}

/** `--only` takes the beginnings of names, separated by commas. */
function chooseCells(args) {
  const at = args.indexOf('--only');
  if (at === -1) return cells;
  const starts = (args[at + 1] ?? '').split(',');
  const chosen = cells.filter(({ id }) => starts.some((start) => id === start || id.startsWith(`${start}-`)));
  if (chosen.length > 0) return chosen;
  throw new Error(`No such cell: ${args[at + 1]}. Known:\n${cells.map(({ id }) => `  ${id}`).join('\n')}`);
}
