import { readFileSync, writeFileSync } from 'node:fs';
import prettier from 'prettier';

const BEGIN =
  '<!-- Written by `npm run compatibility`: rows of cells that were run are replaced, the others stay. -->';
const END = '<!-- End of what `npm run compatibility` writes. -->';
const HEAD = [
  'cell',
  'NestJS',
  'TypeORM',
  '@nestjs/typeorm',
  'HTTP',
  'host',
  'Node',
  'result',
  'degraded',
  'run on',
];

/** Puts the outcomes between the markers of a document. */
export async function writeTable(file, outcomes, cells) {
  const text = readFileSync(file, 'utf8');
  const [before, rest] = text.split(BEGIN);
  const [old, after] = (rest ?? '').split(END);
  if (after === undefined) throw new Error(`${file} has lost its markers.`);
  const rows = new Map([...rowsOf(old), ...outcomes.map((outcome) => [outcome.id, rowOf(outcome)])]);
  const table = [HEAD, HEAD.map(() => '-'), ...cells.map(({ id }) => rows.get(id) ?? notRun(id))];
  const lines = table.map((row) => `| ${row.join(' | ')} |`).join('\n');
  const options = await prettier.resolveConfig(file);
  const written = `${before}${BEGIN}\n\n${lines}\n\n${END}${after}`;
  writeFileSync(file, await prettier.format(written, { ...options, parser: 'markdown' }));
}

function rowsOf(table) {
  const rows = table.split('\n').filter((line) => line.startsWith('| `'));
  return rows.map((line) => {
    const row = line
      .split('|')
      .slice(1, -1)
      .map((value) => value.trim());
    return [row[0].replaceAll('`', ''), row];
  });
}

function rowOf({ id, cell, failures, checks, degraded, node, versions }) {
  const http = ['express', 'fastify'].flatMap((name) =>
    versions[name] ? [`${name} ${versions[name]}`] : [],
  );
  const failed = failures.length;
  return [
    `\`${id}\``,
    versions['@nestjs/core'] ?? '-',
    versions.typeorm ?? '-',
    versions['@nestjs/typeorm'] ?? '-',
    http.join(', ') || cell.platform,
    hostOf(cell, versions),
    node.replace('v', '') || '-',
    failed === 0
      ? `${checks} of ${checks}`
      : checks === 0
        ? 'did not run'
        : `${checks - failed} of ${checks}`,
    degraded.join(' ') || 'nothing',
    new Date().toISOString().slice(0, 10),
  ];
}

function hostOf({ format, runner, installer, hasNeighbours }, versions) {
  const parts = [format === 'module' ? 'ES modules' : 'CommonJS'];
  if (runner !== 'node')
    parts.push({ jest: 'Jest', 'ts-jest': 'Jest with ts-jest', vitest: 'Vitest' }[runner]);
  if (installer === 'pnpm') parts.push('pnpm');
  if (hasNeighbours) parts.push('beside nestjs-cls, typeorm-transactional, nestjs-pino');
  for (const name of ['@nestjs/terminus', '@nestjs/cache-manager', 'cache-manager'])
    if (versions[name]) parts.push(`${name} ${versions[name]}`);
  if (versions['@opentelemetry/sdk-trace'])
    parts.push(
      `OpenTelemetry API ${versions['@opentelemetry/api']}, SDK ${versions['@opentelemetry/sdk-trace']}`,
    );
  return parts.join(', ');
}

function notRun(id) {
  return [`\`${id}\``, ...HEAD.slice(1, -3).map(() => '-'), 'not run', '-', '-'];
}
