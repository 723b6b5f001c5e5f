// Starts sample 01-quick-start as a process of its own, and stops it again.
import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { stripVTControlCharacters } from 'node:util';

const root = join(import.meta.dirname, '..');
const startLimitMs = 120_000;
const stopLimitMs = 5_000;

/**
 * Resolves when the application answers. `onLoaded(text)` hears of every table that has been filled; `otlp` is where its
 * traces go, and absent: nowhere.
 */
export async function startSample({ port, otlp, logFile, onLoaded }) {
  const tracing = join(root, 'sample/05-opentelemetry/tracing.mjs');
  const child = spawn(process.execPath, [...(otlp ? ['--import', tracing] : []), 'dist/main.js'], {
    cwd: join(root, 'sample/01-quick-start'),
    // The sample opens QueryLens's endpoints to everybody, which QueryLens refuses in production.
    env: {
      ...process.env,
      PORT: String(port),
      NODE_ENV: 'development',
      NO_COLOR: '1',
      ...(otlp && {
        OTEL_SERVICE_NAME: 'airline-api',
        OTEL_EXPORTER_OTLP_ENDPOINT: otlp,
        OTEL_METRICS_EXPORTER: 'none',
        OTEL_BSP_MAX_QUEUE_SIZE: '20000',
      }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const url = `http://localhost:${port}`;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  process.once('exit', () => child.kill('SIGKILL'));
  writeLog(child, logFile);
  const started = new Promise((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const text = stripVTControlCharacters(line);
      const loaded = /\[SeedService\] (.*)/.exec(text);
      if (loaded) onLoaded(loaded[1].replace(/ \+\d+ms$/, ''));
      if (text.includes('Nest application successfully started')) resolve();
    });
  });
  const outcome = await Promise.race([
    started.then(() => listens(port)),
    ended.then(() => 'ended'),
    after(startLimitMs, 'late'),
  ]);
  if (outcome !== 'started') {
    const what = outcome === 'ended' ? 'stopped while starting' : `did not start in ${startLimitMs / 1000} s`;
    throw new Error(`The sample ${what}. The end of its log:\n${endOf(logFile)}`);
  }
  return { url, ended, stop: () => stop(child, ended) };
}

/** Nest says that it has started just before it listens. No request is sent: QueryLens would count it. */
async function listens(port) {
  while (!(await accepts(port))) await after(50);
  return 'started';
}

function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect(port, 'localhost', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

async function stop(child, ended) {
  child.kill('SIGTERM');
  if ((await Promise.race([ended.then(() => 'ended'), after(stopLimitMs, 'late')])) === 'late')
    child.kill('SIGKILL');
  await ended;
}

function writeLog(child, logFile) {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = createWriteStream(logFile);
  child.stdout.pipe(log);
  child.stderr.pipe(log);
}

function endOf(logFile) {
  return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-25).join('\n');
}

function after(ms, outcome) {
  return new Promise((resolve) => setTimeout(resolve, ms, outcome).unref());
}
