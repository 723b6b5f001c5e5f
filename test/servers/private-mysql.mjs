import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runProgram, serverFolder, startServer } from './private-server.mjs';
import { pingMysql } from './private-mariadb.mjs';

const OPTIONS = [
  '--skip-log-bin',
  '--mysqlx=OFF',
  '--innodb-buffer-pool-size=64M',
  '--innodb-flush-log-at-trx-commit=0',
];

/**
 * Starts an empty MySQL whose `root` has no password, from unpacked packages of another system: with their own C library.
 *
 * @param {string} system a folder laid out as a root directory
 */
export async function startMysql(system) {
  const files = readdirSync(system, { recursive: true });
  const find = (end) => join(system, files.find((file) => file.endsWith(end)) ?? end);
  const libraries = new Set(files.filter((file) => /\.so(\.|$)/.test(file)).map((file) => dirname(file)));
  const path = [...libraries].map((folder) => join(system, folder)).join(':');
  const program = [find('/ld-linux-x86-64.so.2'), '--library-path', path, find('/sbin/mysqld')];
  const messages = dirname(dirname(find('/english/errmsg.sys')));
  const folder = serverFolder('mysql');
  const common = [
    '--no-defaults',
    `--basedir=${join(system, 'usr')}`,
    `--datadir=${join(folder, 'data')}`,
    `--lc-messages-dir=${messages}`,
    `--character-sets-dir=${join(messages, 'charsets')}`,
    '--secure-file-priv=NULL',
  ];
  const [loader, ...args] = program;
  runProgram(loader, [...args, ...common, '--initialize-insecure']);
  const local = [
    `--socket=${join(folder, 'socket')}`,
    `--pid-file=${join(folder, 'pid')}`,
    '--bind-address=127.0.0.1',
  ];
  const server = await startServer({
    folder,
    command: (free) => [...program, ...common, ...local, `--port=${free}`, ...OPTIONS],
    ping: (free) => pingMysql(urlOf(free)),
  });
  return { ...server, url: urlOf(server.port) };
}

function urlOf(port) {
  return `mysql://root@127.0.0.1:${port}/mysql`;
}
