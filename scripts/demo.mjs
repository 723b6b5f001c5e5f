// `npm run demo`: from a fresh clone to the reports of a running application. Needs Node and npm, nothing else.
// Only Node's built-in modules may be imported here: nothing may be installed yet. The rest is imported once it is there.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { buildWhatIsStale } from './build-when-stale.mjs';
import { parseDemoArguments, usage } from './demo-arguments.mjs';
import { firstFreePort, isFree } from './free-port.mjs';
import { installWhatIsMissing } from './install.mjs';
import { startSample } from './sample-application.mjs';

const root = join(import.meta.dirname, '..');
const defaultPort = 3000;
const isTerminal = process.stdout.isTTY === true;

let application;
let isServing = false;
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void close(signal));

try {
  const options = readArguments();
  if (options.help) console.log(usage);
  else await demo(options);
} catch (error) {
  console.error(`\n${error.message}`);
  if (application) console.error("The sample's log: .demo/application.log");
  await application?.stop();
  process.exit(1);
}

async function demo(options) {
  const port = await choosePort(options.port);
  if (options.otlp) await checkBackend(options.otlp);
  installWhatIsMissing();
  buildWhatIsStale(say);
  say(
    'Starting the airline API: an embedded PostgreSQL, loaded with real airports, flights and bird strikes ...',
  );
  application = await startSample({
    port,
    otlp: options.otlp,
    logFile: join(root, '.demo/application.log'),
    onLoaded: (text) => console.log(`  ${text}`),
  });
  const sent = await sendTraffic(application.url, options.rounds);
  const { investigate } = await import('../sample/01-quick-start/traffic.mjs');
  say('Reading query plans, and trying indexes against the planner ...');
  await investigate(application.url);
  const report = await readReport(application.url, sent);
  await print(report);
  if (options.json) writeJson(options.json, report);
  if (options.otlp)
    say(
      `Its traces go to ${options.otlp}, as the service airline-api. Jaeger shows them at http://localhost:16686.`,
    );
  if (options.exit) return application.stop();
  await serve(application);
}

async function sendTraffic(url, rounds) {
  const { requestsOfRound, send } = await import('../sample/01-quick-start/traffic.mjs');
  const total = rounds * requestsOfRound(0).length;
  say(`Sending ${total} requests: ${rounds} round${rounds === 1 ? '' : 's'} over all endpoints ...`);
  let sent = 0;
  for (let round = 0; round < rounds; round += 1) {
    for (const request of requestsOfRound(round)) {
      await send(url, request);
      sent += 1;
      if (isTerminal) showProgress(sent, total, `${request.method} ${request.path}`);
    }
    if (!isTerminal) console.log(`  round ${round + 1} of ${rounds} done`);
  }
  if (isTerminal) showProgress(total, total, 'done\n');
  return sent;
}

function showProgress(sent, total, text) {
  const width = 24;
  const filled = Math.round((sent / total) * width);
  const bar = '█'.repeat(filled) + '░'.repeat(width - filled);
  const line = `  ${bar} ${sent}/${total}  ${text}`;
  process.stdout.write(`\r\x1b[K${line.slice(0, (process.stdout.columns || 80) - 1)}`);
}

/** Analysis runs after the response, so the last requests may be missing for a moment. */
async function readReport(url, units) {
  const deadline = Date.now() + 5_000;
  for (;;) {
    const response = await fetch(`${url}/query-lens/report`);
    if (!response.ok) throw new Error(`GET ${url}/query-lens/report answered ${response.status}.`);
    const report = await response.json();
    if (report.totals.units >= units || Date.now() > deadline) return report;
    await new Promise((wake) => setTimeout(wake, 100));
  }
}

async function print(report) {
  const { renderText } = await import('../dist/esm/index.js');
  const color = isTerminal && !process.env.NO_COLOR;
  console.log(`\n${renderText(report, { columns: process.stdout.columns || 100, color }).trimEnd()}`);
}

function writeJson(file, report) {
  // npm starts scripts in the package's folder and tells in INIT_CWD where the user stood.
  const isRunByNpm = process.env.npm_lifecycle_event === 'demo';
  const path = resolve((isRunByNpm && process.env.INIT_CWD) || process.cwd(), file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(report, null, 2)}\n`);
  say(`Report written to ${file}`);
}

async function serve({ url, ended }) {
  isServing = true;
  console.log(`
The API keeps serving at ${url} (Ctrl-C stops it). Open the page, or have a look at the rest:
  ${url}/query-lens              (the page: findings, waterfalls, live)
  ${url}/query-lens/report.md
  ${url}/query-lens/report
  ${url}/airlines/1/maintenance  (one of the endpoints)
Its log: .demo/application.log`);
  await ended;
}

async function choosePort(asked) {
  if (asked === undefined) return firstFreePort(defaultPort);
  if (await isFree(asked)) return asked;
  throw new Error(`Port ${asked} is in use. Choose another one with --port N.`);
}

/** An exporter would keep its failures to itself. */
async function checkBackend(url) {
  try {
    await fetch(`${url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
    });
  } catch {
    throw new Error(
      `Nothing answers at ${url}. Start Jaeger first: docker run -p 16686:16686 -p 4318:4318 jaegertracing/jaeger`,
    );
  }
}

function readArguments() {
  try {
    return parseDemoArguments(process.argv.slice(2));
  } catch (error) {
    throw new Error(`${error.message}\n\n${usage}`, { cause: error });
  }
}

async function close(signal) {
  console.log('\nStopping ...');
  await application?.stop();
  process.exit(isServing ? 0 : signal === 'SIGINT' ? 130 : 143);
}

function say(text) {
  console.log(`\n${text}`);
}
