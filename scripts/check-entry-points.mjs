// Follows every published entry point through dist, code and types, and fails where it reaches a package that a user of that
// entry point need not have: an optional peer behind the main entry would break hosts that do not use it.
import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

const root = join(import.meta.dirname, '..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const isOptional = (name) => manifest.peerDependenciesMeta[name]?.optional === true;

/** What the entry points beside the main one may need in addition. */
const alsoAllowed = {
  './cache': ['@nestjs/cache-manager'],
  './graphql': ['dataloader'],
  './health': ['@nestjs/terminus'],
  './redis': ['ioredis', 'redis'],
};

const everywhere = new Set([
  ...builtinModules,
  ...Object.keys(manifest.dependencies ?? {}),
  ...Object.keys(manifest.peerDependencies).filter((name) => !isOptional(name)),
]);

const leaks = Object.entries(manifest.exports)
  .filter(([, target]) => typeof target === 'object')
  .flatMap(([entry, target]) =>
    [target.import.default, target.import.types, target.require.default, target.require.types].flatMap(
      (file) =>
        packagesBehind(join(root, file))
          .filter(({ name }) => !everywhere.has(name) && !alsoAllowed[entry]?.includes(name))
          .map(({ name, from }) => `${entry}: ${relative(root, from)} imports ${name}`),
    ),
  );

if (leaks.length > 0) {
  console.error(leaks.join('\n'));
  process.exit(1);
}

/** Every package that a file of dist imports, directly or through other files of dist. */
function packagesBehind(entry) {
  const packages = [];
  const seen = new Set();
  const open = [entry];
  while (open.length > 0) {
    const file = open.pop();
    if (seen.has(file)) continue;
    seen.add(file);
    for (const specifier of importsOf(file)) {
      if (specifier.startsWith('.')) open.push(resolveInDist(file, specifier));
      else packages.push({ name: packageName(specifier), from: file });
    }
  }
  return packages;
}

function importsOf(file) {
  const { importedFiles, typeReferenceDirectives } = ts.preProcessFile(
    readFileSync(file, 'utf8'),
    true,
    true,
  );
  return [...importedFiles, ...typeReferenceDirectives].map(({ fileName }) => fileName);
}

function resolveInDist(from, specifier) {
  const target = join(dirname(from), specifier);
  const isTypes = from.endsWith('.d.ts');
  const wanted = isTypes ? target.replace(/(\.js)?$/, '.d.ts') : target.replace(/(\.js)?$/, '.js');
  if (!existsSync(wanted))
    throw new Error(`${relative(root, from)} imports ${specifier}, which is not in dist`);
  return wanted;
}

function packageName(specifier) {
  const bare = specifier.replace(/^node:/, '');
  return bare.split('/', bare.startsWith('@') ? 2 : 1).join('/');
}
