// `npm run build`: the library twice, as ES modules (dist/esm) and as CommonJS (dist/cjs), each with its own types, and the
// admin page inside of both.
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeAssets } from './build-assets.mjs';

const root = join(import.meta.dirname, '..');
const tsc = join(root, 'node_modules/typescript/bin/tsc');

rmSync(join(root, 'dist'), { recursive: true, force: true });
for (const format of ['esm', 'cjs']) {
  const args = [tsc, '-p', `tsconfig.build.${format}.json`];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}
await writeAssets();
// Inside a package of "type": "module", only this makes Node and TypeScript read dist/cjs as CommonJS.
writeFileSync(join(root, 'dist/cjs/package.json'), '{ "type": "commonjs" }\n');
