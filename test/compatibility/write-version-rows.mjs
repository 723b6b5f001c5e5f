import { readFileSync, writeFileSync } from 'node:fs';
import prettier from 'prettier';

/**
 * Puts a row for each version that was run between the markers of a document, in order of versions.
 *
 * @param {string} file
 * @param {{ server: string, command: string }} table whose name heads the first column, and which command writes it
 * @param {readonly { version: string, passed: number, failed: number }[]} outcomes
 */
export async function writeVersionRows(file, { server, command }, outcomes) {
  const begin = `<!-- Written by \`${command}\`: rows of versions that were run are replaced. -->`;
  const end = `<!-- End of what \`${command}\` writes. -->`;
  const text = readFileSync(file, 'utf8');
  const [before, rest] = text.split(begin);
  const [old, after] = (rest ?? '').split(end);
  if (after === undefined) throw new Error(`${file} has lost its markers.`);
  const head = [server, 'result', 'run on'];
  const rows = new Map([...rowsOf(old), ...outcomes.map(rowOf)].map((row) => [majorOf(row), row]));
  const ordered = [...rows].sort(([a], [b]) => a - b).map(([, row]) => row);
  const lines = [head, head.map(() => '-'), ...ordered].map((row) => `| ${row.join(' | ')} |`).join('\n');
  const written = `${before}${begin}\n\n${lines}\n\n${end}${after}`;
  const options = await prettier.resolveConfig(file);
  writeFileSync(file, await prettier.format(written, { ...options, parser: 'markdown' }));
}

function rowsOf(table) {
  const rows = table.split('\n').filter((line) => /^\| \d/.test(line));
  return rows.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((value) => value.trim()),
  );
}

function rowOf({ version, passed, failed }) {
  const date = new Date().toISOString().slice(0, 10);
  return [version, `${passed} of ${passed + failed}`, date];
}

function majorOf([version]) {
  return Number.parseInt(version);
}
