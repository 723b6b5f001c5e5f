// What the library carries as text inside of its modules: the admin page (page/), bundled by esbuild into one script and one
// style sheet, and the JSON Schema of the report. Reading files beside the code is done differently in each module format.
import { build } from 'esbuild';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** The folder of the modules that jest.config.mjs puts in the place of those of the sources, which are empty. */
export const ASSETS_FOR_TESTS = '.page';

/** By the module in `lib` that they stand in: the constant, and what makes it. */
const ASSETS = {
  'report/page/page-assets': { name: 'PAGE_ASSETS', make: bundlePage },
  'admin/report-schema': { name: 'REPORT_SCHEMA', make: readSchema },
};

/** Returns `{ script, style }`. */
async function bundlePage() {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['page/main.tsx'],
    outfile: 'page.js',
    tsconfig: 'page/tsconfig.json',
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    charset: 'utf8',
    legalComments: 'none',
    target: ['chrome123', 'firefox121', 'safari17.5'],
  });
  const text = (ending) => outputFiles.find(({ path }) => path.endsWith(ending))?.text.trim() ?? '';
  return { script: text('.js'), style: text('.css') };
}

function readSchema() {
  return JSON.parse(readFileSync(join(root, 'schema/report@1.json'), 'utf8'));
}

/** Puts them where the library looks for them: into the built modules of each format. */
export async function writeAssets() {
  for (const [module, { name, make }] of Object.entries(ASSETS)) {
    const text = JSON.stringify(await make());
    write(`dist/esm/${module}.js`, `export const ${name} = ${text};\n`);
    write(`dist/cjs/${module}.js`, `'use strict';\nexports.${name} = ${text};\n`);
    // They would map to the sources, where there is nothing.
    for (const format of ['esm', 'cjs'])
      rmSync(join(root, `dist/${format}/${module}.js.map`), { force: true });
  }
}

/** For tests of the sources, which have no `dist`. */
export async function writeAssetsForTests() {
  for (const [module, { name, make }] of Object.entries(ASSETS)) {
    const file = `${ASSETS_FOR_TESTS}/${module.split('/').at(-1)}.mjs`;
    write(file, `export const ${name} = ${JSON.stringify(await make())};\n`);
  }
}

function write(path, text) {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
