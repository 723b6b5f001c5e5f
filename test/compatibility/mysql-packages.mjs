import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
/** In Debian, and with the version in its name in others. */
const SERVER = /^mysql-server-core(-\d+\.\d+)?$/;

/** Debian's newest packages, from where this machine gets its own. */
export function newestDebian() {
  const format = '$(LABEL)|$(REPO_URI)';
  const targets = execFileSync('apt-get', ['indextargets', 'Created-By: Packages', '--format', format], {
    encoding: 'utf8',
  });
  const [, address] = /^Debian\|(.*)$/m.exec(targets) ?? [];
  if (address === undefined)
    throw new Error('This machine gets no packages from Debian: name an archive, as in sources.list.');
  return `deb [signed-by=${KEYRING}] ${address} sid main`;
}

/**
 * Unpacks a MySQL server and every library that it needs, the C library included, and installs nothing.
 *
 * @param {string} source a line of sources.list
 * @returns the folder, laid out as a root directory
 */
export function unpackMysql(source, cache) {
  const folder = join(cache, `mysql-${createHash('sha256').update(source).digest('hex').slice(0, 12)}`);
  const root = join(folder, 'root');
  if (existsSync(join(folder, 'unpacked'))) return root;
  rmSync(folder, { recursive: true, force: true });
  const [state, archives] = [join(folder, 'state'), join(folder, 'archives')];
  for (const made of [join(state, 'lists/partial'), join(archives, 'partial'), root])
    mkdirSync(made, { recursive: true });
  writeFileSync(join(state, 'status'), '');
  writeFileSync(join(folder, 'sources.list'), `${source}\n`);
  const options = [
    `Dir::State=${state}`,
    `Dir::State::status=${join(state, 'status')}`,
    `Dir::Cache=${folder}`,
    `Dir::Cache::archives=${archives}`,
    `Dir::Etc::sourcelist=${join(folder, 'sources.list')}`,
    'Dir::Etc::sourceparts=/dev/null',
    'APT::Sandbox::User=root',
    'Debug::NoLocking=1',
  ].flatMap((option) => ['-o', option]);
  const apt = (program, ...args) =>
    execFileSync(program, [...options, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  apt('apt-get', 'update', '-qq');
  const names = apt('apt-cache', 'pkgnames', 'mysql-server-core').split('\n');
  const name = names
    .filter((one) => SERVER.test(one))
    .sort()
    .at(-1);
  if (name === undefined) throw new Error(`No MySQL server in: ${source}`);
  apt('apt-get', 'install', '-y', '--no-install-recommends', '--download-only', name);
  for (const file of readdirSync(archives).filter((one) => one.endsWith('.deb')))
    execFileSync('dpkg-deb', ['-x', join(archives, file), root]);
  writeFileSync(join(folder, 'unpacked'), '');
  return root;
}
