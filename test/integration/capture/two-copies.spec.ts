import './older-storage-first.js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import {
  DataSource as OldDataSource,
  EntityManager as OldEntityManager,
  SelectQueryBuilder as OldSelectQueryBuilder,
} from 'typeorm-0.3';
import { hookDataSourceInitialize } from '../../../lib/capture/typeorm/hook-data-source-initialize.js';
import { degradations, instrumentDataSource } from '../../../lib/capture/typeorm/instrument-data-source.js';
import { schemaModel } from '../../../lib/capture/typeorm/schema-model.js';
import type { LoadRecord } from '../../../lib/record/load-record.js';
import { Author, blogEntities, fillBlog, Post, Tag } from './blog.js';
import { RecordingSink } from './recording-sink.js';

/** Decorators of both copies write to one place, so the entities serve both. */
const OPTIONS = { type: 'sqljs', entities: blogEntities, synchronize: true } as const;

/** What capture wraps of TypeORM 0.3. */
function descriptors(dataSource: OldDataSource): unknown {
  const runner = Object.getPrototypeOf(dataSource.driver.createQueryRunner('master')) as object;
  const wrapped: [object, string[]][] = [
    [dataSource.driver, ['createQueryRunner']],
    [dataSource.relationLoader, ['load']],
    [runner, ['query', 'stream', 'connect', 'startTransaction', 'commitTransaction', 'rollbackTransaction']],
    [OldSelectQueryBuilder.prototype, ['executeEntitiesAndRawResults', 'setFindOptions']],
    [OldEntityManager.prototype, ['save', 'remove', 'softRemove', 'recover', 'insert', 'update', 'delete']],
    [OldDataSource.prototype, ['initialize']],
  ];
  return wrapped.map(([object, names]) => names.map((name) => Object.getOwnPropertyDescriptor(object, name)));
}

const named = (loads: readonly LoadRecord[]) =>
  loads.flatMap((load) => (load.kind === 'relation' ? [`${load.how} ${load.entity}.${load.relation}`] : []));

describe('TypeORM 0.3 and 1.x in one process', () => {
  const sink = new RecordingSink();
  let old: OldDataSource;
  let current: DataSource;
  let untouched: unknown;
  let undos: (() => void)[];

  beforeAll(async () => {
    const bare = await new OldDataSource(OPTIONS).initialize();
    untouched = descriptors(bare);
    await bare.destroy();
    undos = [hookDataSourceInitialize(OldDataSource, sink), hookDataSourceInitialize(DataSource, sink)];
    old = await new OldDataSource(OPTIONS).initialize();
    current = await new DataSource(OPTIONS).initialize();
    const tables = sink.drain().queries.filter(({ statement }) => statement.includes('TABLE "author"'));
    expect(tables).toHaveLength(2);
    undos.push(instrumentDataSource(old, sink, { name: 'old' }));
    undos.push(instrumentDataSource(current, sink, { name: 'current' }));
    for (const dataSource of [old as unknown as DataSource, current]) await fillBlog(dataSource);
    sink.drain();
  });

  afterAll(async () => {
    for (const undo of undos) undo();
    expect(descriptors(old)).toEqual(untouched);
    expect(sink.failures).toEqual([]);
    await old.destroy();
    await current.destroy();
  });

  it('hides nothing from us in 0.3', () => {
    expect(degradations(sink)).toEqual([]);
    expect(schemaModel(old, 'old')).toEqual({ ...schemaModel(current, 'old'), typeormVersion: '0.3' });
  });

  it('keeps the statements of both apart', async () => {
    const unit = await sink.unit(() => Promise.all([old.query('SELECT 3'), current.query('SELECT 1')]));
    expect(unit.queries.map((query) => [query.dataSource, query.statement])).toEqual([
      ['old', 'SELECT 3'],
      ['current', 'SELECT 1'],
    ]);
  });

  it('names the lazy loads of 0.3, level by level, each with the list of its parents', async () => {
    const unit = await sink.unit(async () => {
      for (const author of await old.manager.find(Author))
        for (const post of await author.posts) await post.comments;
    });
    expect(unit.queries).toHaveLength(10);
    expect(new Set(unit.queries.map((query) => query.dataSource))).toEqual(new Set(['old']));
    const loads = unit.loads.filter((load) => load.kind === 'relation');
    expect(new Set(named(loads))).toEqual(new Set(['lazy Author.posts', 'lazy Post.comments']));
    const comments = loads.filter(({ relation }) => relation === 'comments');
    expect(new Set(comments.map(({ parentBatch }) => parentBatch)).size).toBe(1);
    const parents = unit.batches.find(({ id }) => id === comments[0]?.parentBatch);
    expect(parents).toMatchObject({ entity: 'Post', size: 6, from: { entity: 'Author', relation: 'posts' } });
  });

  it('counts the joins of 0.3, eager ones told apart', async () => {
    const unit = await sink.unit(() => old.manager.find(Post, { relations: { tags: true } }));
    const [load] = unit.loads;
    expect(load).toMatchObject({
      kind: 'entities',
      entity: 'Post',
      entities: 6,
      relationLoadStrategy: 'join',
    });
    expect(load?.kind === 'entities' ? load.joins : []).toEqual([
      expect.objectContaining({ relation: 'tags', isEager: false, parents: 6, children: 12 }),
      expect.objectContaining({ relation: 'category', isEager: true, parents: 6, children: 6 }),
    ]);
  });

  it('knows the query strategy of 0.3', async () => {
    const unit = await sink.unit(() =>
      old.manager.find(Post, { relations: { comments: true }, relationLoadStrategy: 'query' }),
    );
    expect(named(unit.loads)).toEqual(expect.arrayContaining(['query Post.comments']));
    expect(unit.loads.find((load) => load.kind === 'entities' && load.entity === 'Post')).toMatchObject({
      relationLoadStrategy: 'query',
    });
  });

  it('ties the statements of a save of 0.3 together', async () => {
    const unit = await sink.unit(() => old.manager.save(old.manager.create(Author, { name: 'dan' })));
    const [save] = unit.loads;
    expect(save).toMatchObject({ kind: 'persist', operation: 'save', entity: 'Author', entities: 1 });
    const insert = unit.queries.find(({ statement }) => statement.startsWith('INSERT'));
    expect(insert).toMatchObject({ load: save?.id, transaction: expect.any(Number) });
  });

  it('knows who called insert() of 0.3', async () => {
    const unit = await sink.unit(() => insertTag(old));
    const [insert] = unit.queries;
    expect(insert?.statement).toMatch(/^INSERT/);
    expect(insert?.callSite).toMatchObject({ function: 'insertTag' });
    expect(insert?.callSite?.file).toMatch(/two-copies\.spec\.ts$/);
  });
});

async function insertTag(dataSource: OldDataSource) {
  await dataSource.manager.insert(Tag, { name: 'green' });
}
