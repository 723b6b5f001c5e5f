import { join } from 'node:path';
import pg from 'pg';
import { runProgram, serverFolder, startServer } from './private-server.mjs';

const SETTINGS = ['fsync=off', 'listen_addresses=127.0.0.1', 'shared_buffers=16MB', 'max_connections=60'];

/** Starts an empty PostgreSQL from the programs in a folder: the `bin` of an installation. */
export async function startPostgres(programs) {
  const folder = serverFolder('postgres');
  const data = join(folder, 'data');
  const options = ['--auth=trust', '--username=postgres', '--encoding=UTF8', '--locale=C', '--no-sync'];
  runProgram(join(programs, 'initdb'), ['-D', data, ...options]);
  return run(programs, folder, data);
}

/** Starts a server that follows another one and answers reads: what is written there arrives here. */
export async function startPostgresReplica(programs, primary) {
  const folder = serverFolder('postgres-replica');
  const data = join(folder, 'data');
  const from = ['-h', '127.0.0.1', '-p', String(primary.port), '-U', 'postgres'];
  const options = ['-D', data, '--write-recovery-conf', '--checkpoint=fast', '--no-sync'];
  runProgram(join(programs, 'pg_basebackup'), [...from, ...options]);
  return run(programs, folder, data);
}

async function run(programs, folder, data) {
  const settings = [...SETTINGS, `unix_socket_directories=${folder}`].flatMap((setting) => ['-c', setting]);
  const server = await startServer({
    folder,
    command: (free) => [join(programs, 'postgres'), '-D', data, '-p', String(free), ...settings],
    ping: (free) => ping(urlOf(free)),
  });
  return { ...server, url: urlOf(server.port) };
}

function urlOf(port) {
  return `postgres://postgres@127.0.0.1:${port}/postgres`;
}

async function ping(connectionString) {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
  } finally {
    await client.end().catch(() => undefined);
  }
}
