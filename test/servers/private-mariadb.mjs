import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { runProgram, serverFolder, startServer } from './private-server.mjs';

const OPTIONS = ['--skip-log-bin', '--innodb-buffer-pool-size=16M', '--innodb-flush-log-at-trx-commit=0'];

/**
 * Starts an empty MariaDB whose `root` has no password.
 *
 * @param {{ server: string, install: string }} programs `mariadbd` and `mariadb-install-db`
 * @param {readonly string[]} options of the server's own
 */
export async function startMariadb(programs, options = []) {
  const folder = serverFolder('mariadb');
  const data = join(folder, 'data');
  // The machine's own configuration is none of ours.
  const common = ['--no-defaults', `--datadir=${data}`];
  const root = ['--auth-root-authentication-method=normal', '--skip-test-db'];
  runProgram(programs.install, [...common, ...root]);
  const local = [
    `--socket=${join(folder, 'socket')}`,
    `--pid-file=${join(folder, 'pid')}`,
    '--bind-address=127.0.0.1',
  ];
  const server = await startServer({
    folder,
    command: (free) => [programs.server, ...common, ...local, `--port=${free}`, ...OPTIONS, ...options],
    ping: (free) => pingMysql(urlOf(free)),
  });
  return { ...server, url: urlOf(server.port) };
}

function urlOf(port) {
  return `mysql://root@127.0.0.1:${port}/mysql`;
}

export async function pingMysql(uri) {
  const connection = await mysql.createConnection({ uri, connectTimeout: 5_000 });
  await connection.query('SELECT 1').finally(() => connection.end());
}
