import { afterEach, describe, expect, it } from '@jest/globals';
import 'reflect-metadata';
import {
  DataSource,
  EntityManager,
  SelectQueryBuilder,
  type MigrationInterface,
  type QueryRunner,
} from 'typeorm';
import { hookDataSourceInitialize } from '../../../lib/capture/typeorm/hook-data-source-initialize.js';
import {
  degradations,
  ignoreDataSource,
  instrumentDataSource,
} from '../../../lib/capture/typeorm/instrument-data-source.js';
import { describeOn } from '../../databases.js';
import { Author, blogEntities } from './blog.js';
import { RecordingSink } from './recording-sink.js';

class AddHint1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE hint (id integer)');
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE hint');
  }
}

const memory = () => new DataSource({ type: 'sqljs', entities: blogEntities, synchronize: true });

/** Everything that capture wraps: own property descriptors, to be compared as they are. */
function descriptors(dataSource: DataSource): unknown {
  const runner = Object.getPrototypeOf(dataSource.driver.createQueryRunner('master')) as object;
  const objects = [
    dataSource.driver,
    dataSource.relationLoader,
    runner,
    SelectQueryBuilder.prototype,
    EntityManager.prototype,
    DataSource.prototype,
  ];
  const names = ['createQueryRunner', 'load', 'query', 'stream', 'connect', 'startTransaction'].concat(
    ['commitTransaction', 'rollbackTransaction', 'executeEntitiesAndRawResults', 'setFindOptions', 'save'],
    ['remove', 'softRemove', 'recover', 'initialize'],
  );
  return objects.map((object) => names.map((name) => Object.getOwnPropertyDescriptor(object, name)));
}

const undos: (() => void)[] = [];
const undoLater = (undo: () => void) => {
  undos.push(undo);
  return undo;
};
afterEach(() => {
  for (const undo of undos.splice(0)) undo();
});

describe('hooking initialize', () => {
  describeOn(['sqljs', 'better-sqlite3', 'pglite', 'postgres', 'mysql'], (database) => {
    it('sees schema work and migrations from the first statement on', async () => {
      const sink = new RecordingSink();
      undoLater(hookDataSourceInitialize(DataSource, sink));
      const dataSource = await database.open({
        entities: blogEntities,
        migrations: [AddHint1700000000000],
        migrationsRun: true,
      });
      const statements = sink.drain().queries.map((query) => query.statement);
      expect(statements).toContain('CREATE TABLE hint (id integer)');
      expect(statements.some((statement) => /CREATE TABLE .author/.test(statement))).toBe(true);
      if (database.dialect !== 'sqlite')
        expect(statements.some((statement) => /version/i.test(statement))).toBe(true);
      expect(sink.failures).toEqual([]);
      await dataSource.destroy();
    });
  });

  it('takes a data source for the only living lens before anyone claims it', async () => {
    const sink = new RecordingSink();
    undoLater(hookDataSourceInitialize(DataSource, sink));
    const dataSource = await memory().initialize();
    expect(sink.drain().queries.length).toBeGreaterThan(0);
    undoLater(instrumentDataSource(dataSource, sink, { name: 'reports' }));
    await dataSource.query('SELECT 1');
    expect(sink.drain().queries.map((query) => query.dataSource)).toEqual(['reports']);
  });

  it('keeps the statements of an unclaimed data source for the lens that claims it', async () => {
    const [one, two] = [new RecordingSink(), new RecordingSink()];
    undoLater(hookDataSourceInitialize(DataSource, one));
    undoLater(hookDataSourceInitialize(DataSource, two));
    const dataSource = await memory().initialize();
    expect(one.drain().queries).toEqual([]);
    const within = await two.unit(() => dataSource.query('SELECT 2'));
    expect(within.queries).toHaveLength(1);
    undoLater(instrumentDataSource(dataSource, two, { name: 'second' }));
    await dataSource.query('SELECT 3');
    const taken = two.drain().queries;
    expect(taken.length).toBeGreaterThan(1);
    expect(new Set(taken.map((query) => query.dataSource))).toEqual(new Set(['second']));
    expect(taken.at(-1)?.statement).toBe('SELECT 3');
    expect(one.drain().queries).toEqual([]);
  });

  it('leaves a data source alone that is to be ignored', async () => {
    const sink = new RecordingSink();
    undoLater(hookDataSourceInitialize(DataSource, sink));
    const dataSource = await memory().initialize();
    ignoreDataSource(dataSource, sink);
    sink.drain();
    await dataSource.query('SELECT 1');
    expect(sink.drain().queries).toEqual([]);
  });
});

describe('instrumenting', () => {
  it('puts every original back, in any order of undoing', async () => {
    const dataSource = await memory().initialize();
    const other = await memory().initialize();
    const before = descriptors(dataSource);
    const [one, two] = [new RecordingSink(), new RecordingSink()];
    const undo = [
      instrumentDataSource(dataSource, one),
      hookDataSourceInitialize(DataSource, two),
      instrumentDataSource(other, one),
      instrumentDataSource(dataSource, two),
    ];
    await dataSource.manager.find(Author);
    expect(descriptors(dataSource)).not.toEqual(before);
    for (const restore of undo) restore();
    expect(descriptors(dataSource)).toEqual(before);
    await dataSource.manager.find(Author);
    expect([one.drain().queries.length, two.drain().queries.length]).toEqual([1, 0]);
  });

  it('wraps once, however often and for however many sinks it is asked', async () => {
    const dataSource = await memory().initialize();
    const [one, two] = [new RecordingSink(), new RecordingSink()];
    undoLater(instrumentDataSource(dataSource, one, { name: 'a' }));
    undoLater(instrumentDataSource(dataSource, one, { name: 'b' }));
    undoLater(instrumentDataSource(dataSource, two));
    const unit = await two.unit(() => dataSource.query('SELECT 1'));
    await dataSource.query('SELECT 2');
    expect(unit.queries.map((query) => query.dataSource)).toEqual(['default']);
    expect(one.drain().queries.map((query) => [query.dataSource, query.statement])).toEqual([
      ['b', 'SELECT 2'],
    ]);
    expect(two.drain().queries).toEqual([]);
  });

  it('works before the data source is initialised', async () => {
    const sink = new RecordingSink();
    const dataSource = memory();
    undoLater(instrumentDataSource(dataSource, sink));
    await dataSource.initialize();
    expect(sink.drain().queries.some((query) => query.statement.startsWith('CREATE TABLE'))).toBe(true);
  });

  it('finds nothing missing in this TypeORM', async () => {
    const sink = new RecordingSink();
    undoLater(instrumentDataSource(await memory().initialize(), sink));
    expect(degradations(sink)).toEqual([]);
  });

  it('stays inert below a wrapper that somebody else put on top', async () => {
    const dataSource = await memory().initialize();
    const sink = new RecordingSink();
    const undo = instrumentDataSource(dataSource, sink);
    await dataSource.query('SELECT 1');
    const prototype = Object.getPrototypeOf(dataSource.driver.createQueryRunner('master')) as QueryRunner;
    const wrapped = prototype.query;
    prototype.query = function (this: QueryRunner, ...args: Parameters<QueryRunner['query']>) {
      return wrapped.apply(this, args) as never;
    } as never;
    undo();
    sink.drain();
    expect(await dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(sink.drain().queries).toEqual([]);
    prototype.query = wrapped;
  });
});
