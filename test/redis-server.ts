import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from './servers/free-port.mjs';

/** A Redis that belongs to one suite: it may be stopped, frozen and filled up. */
export interface PrivateRedis {
  readonly url: string;
  readonly port: number;
  /** Ends the process as an accident would; on the same port again with `start()`. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Takes no CPU time until it is woken: requests are not answered, connections stay open. */
  freeze(): void;
  wake(): void;
  close(): Promise<void>;
}

/** Starts `redis-server` on a free port, with `settings` as on its command line. */
export async function startRedis(settings: readonly string[] = []): Promise<PrivateRedis> {
  const port = await freePort();
  const directory = await mkdtemp(join(tmpdir(), 'query-lens-redis-'));
  let server: ChildProcess | undefined;
  const start = async () => {
    const fixed = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', directory];
    server = spawn('redis-server', [...fixed, ...settings], { stdio: 'ignore' });
    await listening(port, server);
  };
  const kill = async () => {
    const ended = server;
    server = undefined;
    if (ended === undefined || ended.exitCode !== null) return;
    const exit = new Promise((resolve) => ended.once('exit', resolve));
    ended.kill('SIGKILL');
    await exit;
  };
  await start();
  return {
    url: `redis://127.0.0.1:${String(port)}`,
    port,
    kill,
    start,
    freeze: () => server?.kill('SIGSTOP'),
    wake: () => server?.kill('SIGCONT'),
    close: async () => {
      await kill();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function listening(port: number, server: ChildProcess): Promise<void> {
  let failure: Error | undefined;
  server.once('error', (error) => (failure = error));
  for (let attempt = 0; attempt < 600; attempt++) {
    if (failure !== undefined) throw failure;
    if (await answers(port)) return;
    await pause(50);
  }
  throw new Error(`redis-server does not answer on port ${String(port)}`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}
