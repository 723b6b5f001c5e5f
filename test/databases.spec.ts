import { describe, expect, it } from '@jest/globals';
import { availableDatabases, describeOn } from './databases.js';

describe('availableDatabases', () => {
  it('names those that need no server', () => {
    expect(availableDatabases).toEqual(expect.arrayContaining(['sqljs', 'pglite']));
  });
});

describeOn(['sqljs', 'better-sqlite3', 'pglite', 'postgres', 'mysql'], (database) => {
  it('answers through TypeORM', async () => {
    const dataSource = await database.open();
    expect(await dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await dataSource.destroy();
  });

  it('starts again with an empty schema', async () => {
    const first = await database.open();
    await first.query('CREATE TABLE leftover (id integer)');
    await first.destroy();
    const second = await database.open();
    await expect(second.query('SELECT * FROM leftover')).rejects.toThrow();
  });
});
