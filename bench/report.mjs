// node bench/report.mjs [--rounds 7] [--routes 1000] [--statements 10000]: what each admin endpoint takes over HTTP in an application with
// that many routes and different statements: until the answer is here, processor time, the longest that its event loop stood
// still, and the size. `npm run bench -- --report`.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    routes: { type: 'string', default: '1000' },
    statements: { type: 'string', default: '10000' },
  },
});

const PATHS = [
  'report',
  'report?format=text',
  'report.md',
  'summary',
  'routes',
  'loading-strategies',
  'slow-queries',
  'findings',
  'units',
  'health',
  '',
];

// Open admin endpoints are refused in production. Garbage is collected between measurements.
const app = fork(
  fileURLToPath(new URL('./report-app.mjs', import.meta.url)),
  [options.routes, options.statements],
  {
    execArgv: ['--expose-gc'],
    env: { ...process.env, NODE_ENV: 'test' },
  },
);
app.once('exit', (code) => {
  if (code !== 0) process.exit(1);
});
const [{ url }] = await once(app, 'message');

console.log(
  `\nAdmin endpoints of an application that has run ${options.statements} different statements on ${options.routes} routes, median of ${options.rounds} requests each (greatest)`,
);
for (const path of PATHS) {
  await measure(path);
  const rounds = [];
  for (let round = 0; round < Number(options.rounds); round++) rounds.push(await measure(path));
  const of = (figure) => {
    const sorted = rounds.map((round) => round[figure]).sort((a, b) => a - b);
    return `${Math.round(sorted[sorted.length >> 1])} ms (${Math.round(sorted.at(-1))})`;
  };
  const size = `${(rounds[0].bytes / 1_000).toFixed(0)} kB`;
  console.log(
    `  GET ${`/query-lens/${path}`.padEnd(34)}${size.padStart(8)}   answer ${of('answerMs').padEnd(14)} CPU ${of('cpuMs').padEnd(14)} event loop ${of('blockedMs')}`,
  );
}
app.send('end');

async function measure(path) {
  app.send('start');
  await once(app, 'message');
  const startedMs = performance.now();
  const response = await fetch(`${url}/query-lens/${path}`);
  const { byteLength } = await response.arrayBuffer();
  const answerMs = performance.now() - startedMs;
  if (!response.ok) throw new Error(`GET ${path}: ${response.status}`);
  // The histogram is fed by a timer: it must have its turn.
  await new Promise((resolve) => setTimeout(resolve, 20));
  app.send('stop');
  const [{ cpuMs, blockedMs }] = await once(app, 'message');
  return { answerMs, bytes: byteLength, cpuMs, blockedMs };
}
