/** A database server of a test's own: in a folder for temporary files, on a free port, and gone with the test. */
import { execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.mjs';

/** Database servers refuse to run as root: there they run as `nobody`. */
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
const asUser = isRoot ? { uid: NOBODY, gid: NOBODY } : {};

const STARTING_MS = 120_000;
const ATTEMPTS = 3;

/** An empty folder that belongs to the user that servers run as. */
export function serverFolder(name) {
  const folder = mkdtempSync(join(tmpdir(), `query-lens-${name}-`));
  if (isRoot) chownSync(folder, NOBODY, NOBODY);
  return folder;
}

/** Runs a program to its end, as the user that servers run as. */
export function runProgram(program, args) {
  try {
    execFileSync(program, args, { ...asUser, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    throw new Error(`${program} failed:\n${error.stderr ?? error.message}`, { cause: error });
  }
}

/**
 * Starts a server and waits until it answers. Another process may take the free port in between: then it tries another.
 *
 * @param {{ folder: string, command: (port: number) => readonly [string, ...string[]], ping: (port: number) => Promise<unknown> }} server
 */
export async function startServer({ folder, command, ping }) {
  let failure;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = await freePort();
    let server = launch(command(port));
    try {
      await answers(server, () => ping(port));
      return {
        port,
        pid: () => server.child.pid,
        stop: () => stop(server, folder),
        halt: () => end(server),
        restart: async () => {
          server = launch(command(port));
          await answers(server, () => ping(port));
        },
      };
    } catch (error) {
      failure = error;
      await end(server);
    }
  }
  rmSync(folder, { recursive: true, force: true });
  throw failure;
}

function launch([program, ...args]) {
  const child = spawn(program, args, { ...asUser, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      printed = `${printed}${String(chunk)}`.slice(-4_000);
    });
  const exited = new Promise((resolve) => {
    child.once('error', (error) => resolve(String(error)));
    child.once('exit', () => resolve(printed));
  });
  const killed = () => child.kill('SIGKILL');
  process.once('exit', killed);
  void exited.then(() => process.off('exit', killed));
  return { child, exited };
}

async function answers({ exited }, ping) {
  const until = Date.now() + STARTING_MS;
  let output;
  void exited.then((printed) => (output = printed));
  for (;;) {
    try {
      return await ping();
    } catch (error) {
      if (output !== undefined) throw new Error(`The server ended:\n${output}`, { cause: error });
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function stop(server, folder) {
  await end(server);
  rmSync(folder, { recursive: true, force: true });
}

/** SIGQUIT: neither PostgreSQL nor MariaDB waits for anything then, and their data is thrown away. */
async function end({ child, exited }) {
  child.kill('SIGQUIT');
  const killing = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await exited;
  clearTimeout(killing);
}
