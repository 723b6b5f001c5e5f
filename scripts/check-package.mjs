// Packs the library as npm would publish it (dist must be built) and has publint and "Are the types wrong?" judge the result.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const root = join(import.meta.dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'query-lens-package-'));

try {
  const packed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', scratch], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  const [{ filename, files }] = Object.values(JSON.parse(packed));
  const problems = [...(await judgeWithPublint()), ...judgeTypes(join(scratch, filename)), ...misses(files)];
  if (problems.length > 0) {
    console.error(problems.join('\n'));
    process.exitCode = 1;
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function judgeWithPublint() {
  const { messages, pkg } = await publint({ pkgDir: root, strict: true });
  return messages.map((message) => `publint: ${formatMessage(message, pkg)}`);
}

/** All resolutions, the oldest included: while there is one entry point for code, `main` and `types` serve that one. */
function judgeTypes(tarball) {
  const attw = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [attw, tarball, '--no-emoji'], {
    encoding: 'utf8',
  });
  return status === 0 ? [] : [`attw:\n${stdout}${stderr}`];
}

/** What every release has to carry, and what none may. */
function misses(files) {
  const names = files.map(({ path }) => path);
  const needed = ['LICENSE', 'README.md', 'CHANGELOG.md', 'dist/cjs/package.json', 'schema/report@1.json'];
  const unwanted = names.filter((name) => /^(lib|page|test|sample|bench|scripts)\//.test(name));
  return [
    ...needed.filter((name) => !names.includes(name)).map((name) => `package: ${name} is missing`),
    ...unwanted.map((name) => `package: ${name} does not belong into it`),
  ];
}
