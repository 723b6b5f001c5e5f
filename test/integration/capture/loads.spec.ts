import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { instrumentDataSource } from '../../../lib/capture/typeorm/instrument-data-source.js';
import type { EntityLoadRecord, LoadRecord, RelationLoadRecord } from '../../../lib/record/load-record.js';
import type { UnitOfWork } from '../../../lib/record/unit-of-work.js';
import { describeOn } from '../../databases.js';
import { Author, blogEntities, Comment, fillBlog, Post, Profile, Tag } from './blog.js';
import { RecordingSink } from './recording-sink.js';

const relationLoads = (unit: UnitOfWork) =>
  unit.loads.filter((load): load is RelationLoadRecord => load.kind === 'relation');
const entityLoads = (unit: UnitOfWork) =>
  unit.loads.filter((load): load is EntityLoadRecord => load.kind === 'entities');
const nameOf = (load: LoadRecord) =>
  load.kind === 'relation' ? `${load.entity}.${load.relation}` : load.entity;
const batchOf = (unit: UnitOfWork, id: number | undefined) => unit.batches.find((batch) => batch.id === id);

describe('loads', () => {
  describeOn(['sqljs', 'better-sqlite3', 'pglite', 'postgres'], (database) => {
    const sink = new RecordingSink();
    let dataSource: DataSource;
    let undo: () => void;

    beforeAll(async () => {
      dataSource = await database.open({ entities: blogEntities });
      await fillBlog(dataSource);
      undo = instrumentDataSource(dataSource, sink);
    });
    afterAll(() => {
      undo();
      expect(sink.failures).toEqual([]);
    });

    it('ties lazy loads to the list their parents came from', async () => {
      const unit = await sink.unit(async () => {
        const authors = await dataSource.manager.find(Author);
        for (const author of authors) await author.posts;
      });
      const loads = relationLoads(unit);
      expect(loads.map(nameOf)).toEqual(['Author.posts', 'Author.posts', 'Author.posts']);
      expect(loads[0]).toMatchObject({
        how: 'lazy',
        target: 'Post',
        isToMany: true,
        parents: 1,
        entities: 2,
      });
      const list = entityLoads(unit).find((load) => load.entity === 'Author');
      expect(list).toMatchObject({ isFind: true, entities: 3, rawRows: 3, joins: [], where: [] });
      expect(new Set(loads.map((load) => load.parentBatch))).toEqual(new Set([list?.batch]));
      expect(batchOf(unit, list?.batch)).toMatchObject({ entity: 'Author', size: 3, load: list?.id });
      const statement = unit.queries.find((query) => query.load !== list?.id);
      const inner = unit.loads.find((load) => load.id === statement?.load);
      expect(inner).toMatchObject({ kind: 'entities', entity: 'Post', parentLoad: loads[0]?.id });
    });

    it('puts what is lazily loaded from one list into one batch, level by level', async () => {
      const unit = await sink.unit(async () => {
        const authors = await dataSource.manager.find(Author);
        await Promise.all(
          authors.map(async (author) => {
            for (const post of await author.posts)
              for (const comment of await post.comments) await comment.post;
          }),
        );
      });
      const of = (name: string) => relationLoads(unit).filter((load) => nameOf(load) === name);
      expect(of('Author.posts')).toHaveLength(3);
      expect(of('Post.comments')).toHaveLength(6);
      expect(of('Comment.post')).toHaveLength(12);
      for (const name of ['Author.posts', 'Post.comments', 'Comment.post'])
        expect(new Set(of(name).map((load) => load.parentBatch)).size).toBe(1);
      const posts = batchOf(unit, of('Post.comments')[0]?.parentBatch);
      expect(posts).toMatchObject({ entity: 'Post', size: 6, from: { entity: 'Author', relation: 'posts' } });
      expect(posts?.from?.batch).toBe(of('Author.posts')[0]?.parentBatch);
      expect(batchOf(unit, of('Comment.post')[0]?.parentBatch)).toMatchObject({
        entity: 'Comment',
        size: 12,
      });
    });

    it('gives what a single parent loads a batch of its own', async () => {
      const unit = await sink.unit(async () => {
        const author = await dataSource.manager.findOneByOrFail(Author, { name: 'ann' });
        for (const post of await author.posts) await post.comments;
      });
      const [posts, comments] = relationLoads(unit);
      expect(batchOf(unit, posts?.parentBatch)).toMatchObject({ entity: 'Author', size: 1 });
      expect(batchOf(unit, comments?.parentBatch)).toMatchObject({ entity: 'Post', size: 2 });
    });

    it('counts joined relations and makes a batch of each join path', async () => {
      const unit = await sink.unit(async () => {
        const authors = await dataSource.manager.find(Author, { relations: { posts: { tags: true } } });
        const [first] = await (authors[0] as Author).posts;
        await (first as Post).comments;
      });
      const [list] = entityLoads(unit);
      const byRelation = new Map(list?.joins.map((join) => [join.relation, join]));
      expect(byRelation.get('posts')).toMatchObject({
        entity: 'Author',
        isSelected: true,
        isEager: false,
        isToMany: true,
        parents: 3,
        children: 6,
        maxChildren: 2,
      });
      expect(byRelation.get('tags')).toMatchObject({
        entity: 'Post',
        parents: 6,
        children: 12,
        maxChildren: 2,
      });
      expect(byRelation.get('category')).toMatchObject({
        isEager: true,
        isToMany: false,
        parents: 6,
        children: 6,
      });
      expect(list).toMatchObject({ entities: 3, rawRows: 12, relationLoadStrategy: 'join' });
      const [comments] = relationLoads(unit);
      expect(nameOf(comments as LoadRecord)).toBe('Post.comments');
      expect(batchOf(unit, comments?.parentBatch)).toMatchObject({
        entity: 'Post',
        size: 6,
        from: { batch: list?.batch, relation: 'posts' },
      });
    });

    it('tells a join that only filters from one that is selected', async () => {
      const unit = await sink.unit(() =>
        dataSource.manager
          .createQueryBuilder(Post, 'post')
          .innerJoin('post.author', 'author')
          .leftJoinAndSelect('post.category', 'category')
          .where('author.name = :name', { name: 'ann' })
          .limit(1)
          .getMany(),
      );
      const [load] = entityLoads(unit);
      expect(load).toMatchObject({ isFind: false, limit: 1, entities: 1 });
      expect(load?.joins).toMatchObject([
        { relation: 'author', isSelected: false },
        { relation: 'category', isSelected: true, isEager: false },
      ]);
    });

    it('names the query strategy and counts all its parents', async () => {
      const unit = await sink.unit(() =>
        dataSource.manager.find(Author, { relations: { posts: true }, relationLoadStrategy: 'query' }),
      );
      const [posts] = relationLoads(unit);
      expect(posts).toMatchObject({
        how: 'query',
        entity: 'Author',
        relation: 'posts',
        parents: 3,
        entities: 6,
      });
      expect(entityLoads(unit).find((load) => load.entity === 'Author')).toMatchObject({
        relationLoadStrategy: 'query',
      });
      const children = entityLoads(unit).find((load) => load.entity === 'Post');
      expect(children?.parentLoad).toBe(posts?.id);
      expect(batchOf(unit, children?.batch)).toMatchObject({ size: 6, from: { relation: 'posts' } });
    });

    it('names the relation builder, with and without an entity', async () => {
      const unit = await sink.unit(async () => {
        const tags = await dataSource.manager.find(Tag);
        for (const tag of tags)
          await dataSource.manager.createQueryBuilder().relation(Tag, 'posts').of(tag).loadMany();
        await dataSource.manager.createQueryBuilder().relation(Author, 'profile').of(1).loadOne();
      });
      const loads = relationLoads(unit);
      expect(loads.map(nameOf)).toEqual(['Tag.posts', 'Tag.posts', 'Author.profile']);
      expect(loads[0]).toMatchObject({ how: 'relation-builder', entities: 6 });
      expect(batchOf(unit, loads[0]?.parentBatch)).toMatchObject({ entity: 'Tag', size: 2 });
      expect(loads[2]?.parentBatch).toBeUndefined();
    });

    it('records what a find asks for', async () => {
      const unit = await sink.unit(() =>
        dataSource.manager.find(Profile, {
          select: { id: true, city: true },
          where: [{ city: 'Rome', author: { name: 'ann' } }, { id: 2 }],
          take: 5,
          skip: 0,
        }),
      );
      expect(entityLoads(unit)[0]).toMatchObject({
        where: ['city', 'author.name', 'id'],
        select: ['id', 'city'],
        take: 5,
      });
      expect(entityLoads(unit)[0]?.hydrateMs).toBeGreaterThanOrEqual(0);
      expect(entityLoads(unit)[0]?.hydrateMs).toBeLessThan(entityLoads(unit)[0]?.durationMs ?? 0);
    });

    it('knows a find without options from a query builder', async () => {
      const unit = await sink.unit(async () => {
        await dataSource.manager.find(Tag);
        await dataSource.manager.createQueryBuilder(Tag, 'Tag').getMany();
      });
      expect(entityLoads(unit).map((load) => load.isFind)).toEqual([true, false]);
    });

    it('ties the statements of a save together, and counts what was saved as loaded singly', async () => {
      const unit = await sink.unit(async () => {
        const { manager } = dataSource;
        const comments = [manager.create(Comment, { text: 'a' }), manager.create(Comment, { text: 'b' })];
        await manager.save(comments);
        for (const comment of comments) await comment.post;
        await manager.remove(Comment, comments);
      });
      const saves = unit.loads.filter((load) => load.kind === 'persist');
      expect(saves).toMatchObject([
        { operation: 'save', entity: 'Comment', entities: 2 },
        { operation: 'remove', entity: 'Comment', entities: 2 },
      ]);
      const inserts = unit.queries.filter((query) => query.statement.startsWith('INSERT'));
      expect(new Set(inserts.map((query) => query.load))).toEqual(new Set([saves[0]?.id]));
      const [lazy] = relationLoads(unit);
      expect(batchOf(unit, lazy?.parentBatch)).toMatchObject({ entity: 'Comment', size: 1 });
    });

    it('keeps the batch of an entity that outlives its unit', async () => {
      let authors: Author[] = [];
      const first = await sink.unit(async () => {
        authors = await dataSource.manager.find(Author);
      });
      const second = await sink.unit(async () => {
        for (const author of authors) await author.posts;
      });
      const [load] = relationLoads(second);
      expect(load?.parentBatch).toBe(entityLoads(first)[0]?.batch);
      expect(batchOf(second, load?.parentBatch)).toMatchObject({
        entity: 'Author',
        size: 3,
        load: undefined,
      });
    });

    it('never mixes parallel units', async () => {
      const names = ['ann', 'bob', 'cid'];
      const units = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          sink.unit(async () => {
            const name = names[index % 3] as string;
            const author = await dataSource.manager.findOneByOrFail(Author, { name });
            const posts = await author.posts;
            await Promise.all(posts.map((post) => post.comments));
            return name;
          }, `unit-${index}`),
        ),
      );
      for (const [index, unit] of units.entries()) {
        expect(unit.queries).toHaveLength(4);
        expect(unit.loads).toHaveLength(7);
        expect(unit.queries[0]?.values.kept).toEqual([names[index % 3]]);
        expect(unit.loads.every((load) => load.durationMs >= 0)).toBe(true);
      }
    });
  });
});
