import { transformSync } from '@swc/core';
import type { DataSource, MigrationInterface } from 'typeorm';

/** The migration in a piece of advice, as an application would have pasted it. */
export function migrationOf(code: string): MigrationInterface {
  const [source = '', name = ''] = /export class (\w+) implements MigrationInterface.*/s.exec(code) ?? [];
  const { code: script } = transformSync(
    `${source}\nmodule.exports = new ${name}();`.replace('export ', ''),
    {
      jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
      isModule: false,
    },
  );
  const module: { exports?: MigrationInterface } = {};
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the advised code itself is under test
  new Function('module', script)(module);
  return module.exports!;
}

/** Runs one direction of it, outside of any transaction, as `transaction = false` says or as MySQL does anyway. */
export async function runMigration(
  dataSource: DataSource,
  code: string,
  direction: 'up' | 'down',
): Promise<void> {
  const runner = dataSource.createQueryRunner();
  await migrationOf(code)
    [direction](runner)
    .finally(() => runner.release());
}
