/**
 * Jest's global set-up: finds out once which databases this machine has, so that `databases.ts` knows it synchronously.
 * Suites of a database that is not there are skipped by name; a database that was asked for (its URL is set, or
 * QUERY_LENS_REQUIRE_SERVICES=1) makes them fail instead.
 */
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { writeAssetsForTests } from '../scripts/build-assets.mjs';

const CHROMIUM_PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const isRequired = process.env['QUERY_LENS_REQUIRE_SERVICES'] === '1';

export default async function findDatabases() {
  await writeAssetsForTests();
  const found = Object.fromEntries(
    await Promise.all(Object.entries(databases).map(async ([name, find]) => [name, await find()])),
  );
  process.env['QUERY_LENS_TEST_DATABASES'] = JSON.stringify(found);
}

/** Each answers `{}` or `{ url }` where the database can be used, `{ whyNot, isRequired }` where it cannot. */
const databases = {
  sqljs: () => ({}),
  pglite: () => ({}),
  'better-sqlite3': async () => {
    try {
      const { default: Database } = await import('better-sqlite3');
      new Database(':memory:').close();
      return {};
    } catch (error) {
      return { whyNot: `better-sqlite3 is not built here (${firstLine(error)})` };
    }
  },
  postgres: () => findServer('QUERY_LENS_TEST_POSTGRES_URL', postgresUrls(), pingPostgres),
  mysql: () => findServer('QUERY_LENS_TEST_MYSQL_URL', ['mysql://root@127.0.0.1:3306'], pingMysql),
  'postgres-programs': () =>
    findPrograms('initdb of PostgreSQL', postgresFolders(), ['initdb', 'pg_basebackup', 'postgres']),
  'mariadb-programs': () =>
    findPrograms('mariadbd', ['/usr/sbin', '/usr/bin', '/usr/local/bin'], ['mariadbd']),
  chromium: () => findChromium(),
  prometheus: () => findProgram('prometheus', ['/usr/bin', '/usr/local/bin']),
  redis: () => findServer('QUERY_LENS_TEST_REDIS_URL', ['redis://127.0.0.1:6379'], pingRedis),
};

async function findServer(variable, localUrls, ping) {
  const given = process.env[variable];
  if (given === 'none') return { whyNot: `${variable}=none`, ...(isRequired && { isRequired }) };
  const failures = [];
  for (const url of given ? [given] : localUrls) {
    try {
      await ping(url);
      return { url };
    } catch (error) {
      failures.push(`${new URL(url).host}: ${firstLine(error)}`);
    }
  }
  const whyNot = `no server to use (${[...new Set(failures)].join('; ')}); set ${variable}`;
  return { whyNot, ...((given || isRequired) && { isRequired: true }) };
}

/** Tests that stop a server, or need several, start their own. Answers the folder of the programs as its url. */
function findPrograms(what, folders, programs) {
  const folder = folders.find((candidate) => programs.every((name) => isProgram(join(candidate, name))));
  if (folder !== undefined) return { url: folder };
  return { whyNot: `${what} is not installed`, ...(isRequired && { isRequired }) };
}

/** One program; the `url` is its path. */
function findProgram(name, folders) {
  const { url, ...missing } = findPrograms(name, folders, [name]);
  return url === undefined ? missing : { url: join(url, name) };
}

/** The newest of the versions that a Debian package installs beside each other, then wherever else they may be. */
function postgresFolders() {
  const root = '/usr/lib/postgresql';
  const versions = namesIn(root).sort((a, b) => Number(b) - Number(a));
  return [
    ...versions.map((version) => join(root, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(':'),
  ];
}

function namesIn(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A browser; the `url` is its path. */
function findChromium() {
  const given = process.env['QUERY_LENS_TEST_CHROMIUM'];
  if (given === 'none') return { whyNot: 'QUERY_LENS_TEST_CHROMIUM=none', ...(isRequired && { isRequired }) };
  const path = (given ? [given] : CHROMIUM_PATHS).find((candidate) => existsSync(candidate));
  if (path !== undefined) return { url: path };
  const whyNot = `no browser at ${given ?? CHROMIUM_PATHS.join(', ')}; set QUERY_LENS_TEST_CHROMIUM`;
  return { whyNot, ...((given || isRequired) && { isRequired: true }) };
}

function postgresUrls() {
  const me = encodeURIComponent(userInfo().username);
  return [`postgres://${me}@127.0.0.1:5432/postgres`, 'postgres://postgres:postgres@127.0.0.1:5432/postgres'];
}

async function pingPostgres(url) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function pingMysql(url) {
  const { default: mysql } = await import('mysql2/promise');
  const connection = await mysql.createConnection({ uri: url, connectTimeout: 10_000 });
  await connection.query('SELECT 1').finally(() => connection.end());
}

/** Without a client: the inline form of the protocol is one line each way. */
function pingRedis(url) {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port || 6379) }, () => socket.write('PING\r\n'));
    socket.setTimeout(10_000, () => socket.destroy(new Error('no answer within 10 s')));
    socket.once('error', reject);
    socket.once('data', () => {
      socket.destroy();
      resolve(undefined);
    });
  });
}

function firstLine(error) {
  const text = String(error?.code ?? error?.message ?? error);
  return text.split('\n')[0];
}
