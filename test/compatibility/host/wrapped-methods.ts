import { DataSource, EntityManager, SelectQueryBuilder } from 'typeorm';

const OF_MANAGER = ['save', 'remove', 'softRemove', 'recover', 'insert', 'upsert', 'update', 'delete'];
const OF_RUNNER = [
  'query',
  'stream',
  'connect',
  'startTransaction',
  'commitTransaction',
  'rollbackTransaction',
];

/** Everything that QueryLens wraps of TypeORM, as one can see it from outside. */
export function wrappedMethods(dataSource: DataSource): unknown[] {
  const runner = Object.getPrototypeOf(dataSource.createQueryRunner()) as object;
  const wrapped: [object, string[]][] = [
    [DataSource.prototype, ['initialize']],
    [EntityManager.prototype, OF_MANAGER],
    [SelectQueryBuilder.prototype, ['executeEntitiesAndRawResults', 'setFindOptions']],
    [runner, OF_RUNNER],
    [dataSource.driver, ['createQueryRunner']],
    [dataSource.relationLoader, ['load']],
  ];
  return wrapped.flatMap(([object, names]) =>
    names.map((name) => Object.getOwnPropertyDescriptor(object, name)?.value as unknown),
  );
}

/** The same of a data source that QueryLens has never met. Call it before the application's module is imported. */
export async function untouchedMethods(): Promise<unknown[]> {
  const bare = await new DataSource({ type: 'sqljs', entities: [] }).initialize();
  try {
    return wrappedMethods(bare);
  } finally {
    await bare.destroy();
  }
}
