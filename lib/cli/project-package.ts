import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CommandError } from './command.js';

/**
 * A package of the project in whose folder the command runs: drivers and databases are the user's, QueryLens brings none.
 *
 * @throws CommandError that says how to install it
 */
export async function projectPackage<T>(name: string, directory = process.cwd()): Promise<T> {
  const require = createRequire(join(directory, 'package.json'));
  try {
    return (await import(pathToFileURL(require.resolve(name)).href)) as T;
  } catch (error) {
    throw new CommandError(
      `the package "${name}" cannot be loaded from ${directory}: ${(error as Error).message.split('\n')[0] ?? ''}\n` +
        `Install it there: npm install --save-dev ${name}`,
    );
  }
}
