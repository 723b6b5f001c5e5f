import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { In, QueryFailedError, type DataSource, type EntitySubscriberInterface } from 'typeorm';
import type { RelationMetadata } from 'typeorm/metadata/RelationMetadata.js';
import type { Analysis } from '../../../lib/analysis/analyse.js';
import { describeOn } from '../../databases.js';
import { Author, blogEntities, Comment, Post } from '../capture/blog.js';
import { ObservedUnits } from '../scenarios/observed-units.js';

const AUTHORS = 100;

/** Authors with two posts each, `1.1` and `1.2`; every post has a comment; every tenth author has none. */
async function fill({ manager }: DataSource): Promise<void> {
  for (let id = 1; id <= AUTHORS; id++) {
    await manager.insert(Author, { name: `author ${id}` });
    if (id % 10 === 0) continue;
    for (const title of [`${id}.1`, `${id}.2`]) {
      await manager.insert(Post, { title, author: { id } } as never);
      const { id: post } = await manager.findOneByOrFail(Post, { title });
      await manager.insert(Comment, { text: title, post: { id: post } } as never);
    }
  }
}

const kinds = ({ findings }: Analysis): readonly string[] => findings.map(({ kind }) => kind);
const batched = ({ relationLoads }: { relationLoads: Analysis['analysed']['relationLoads'] }) =>
  relationLoads
    .filter(({ strategy }) => strategy === 'batched')
    .map(({ relation, parents, served }) => `${relation} for ${parents}, read by ${served ?? 0}`);

describe('autoBatch', () => {
  describeOn(['sqljs', 'postgres'], (database) => {
    let dataSource: DataSource;
    let bare: ObservedUnits;
    let units: ObservedUnits;
    const loaded: Post[] = [];

    beforeAll(async () => {
      dataSource = await database.open({ entities: blogEntities });
      await fill(dataSource);
      bare = new ObservedUnits(dataSource);
      units = new ObservedUnits(dataSource, { autoBatch: true });
      dataSource.subscribers.push({
        listenTo: () => Post,
        afterLoad: (post: Post) => void loaded.push(post),
      } as EntitySubscriberInterface);
    });
    afterEach(() => {
      expect(units.failures.splice(0)).toEqual([]);
      expect(units.failure).toBeUndefined();
    });
    afterAll(() => {
      bare.stop();
      units.stop();
    });

    const authors = () => dataSource.manager.find(Author, { order: { id: 'ASC' } });
    const sequentially = async () => {
      for (const author of await authors()) await author.posts;
    };
    const inParallel = async () => Promise.all((await authors()).map(({ posts }) => posts));

    it.each([
      ['one after another', sequentially],
      ['in parallel', inParallel],
    ])('101 statements become 2: %s', async (_how, work) => {
      const without = await bare.run(work);
      expect(without.analysed.queries).toHaveLength(1 + AUTHORS);
      expect(kinds(without)).toEqual(['n-plus-one']);
      const { analysed, ...rest } = await units.run(work);
      expect(analysed.queries).toHaveLength(2);
      expect(kinds({ analysed, ...rest })).toEqual([]);
      expect(batched(analysed)).toEqual(['Author.posts for 100, read by 100']);
    });

    it('the next level is one statement too, and names the place', async () => {
      const { analysed } = await units.run(async () => {
        for (const author of await authors())
          for (const post of await author.posts)
            for (const comment of await post.comments) await comment.post;
      });
      expect(batched(analysed)).toEqual([
        'Author.posts for 100, read by 100',
        'Post.comments for 180, read by 180',
        'Comment.post for 180, read by 180',
      ]);
      expect(analysed.queries).toHaveLength(4);
      for (const { record } of analysed.queries)
        expect(record.callSite?.file).toBe('test/integration/batching/auto-batch.spec.ts');
    });

    it('is off unless it is asked for', async () => {
      const { analysed } = await bare.run(sequentially);
      expect(batched(analysed)).toEqual([]);
    });

    it('leaves entities that were loaded singly alone', async () => {
      const { analysed } = await units.run(async () => {
        const first = await dataSource.manager.findOneByOrFail(Author, { id: 1 });
        const second = await dataSource.manager.findOneByOrFail(Author, { id: 2 });
        await Promise.all([first.posts, second.posts]);
      });
      expect(batched(analysed)).toEqual([]);
      expect(analysed.queries).toHaveLength(4);
    });

    it('leaves entities of another unit of work alone', async () => {
      let kept: Author[] = [];
      await units.run(async () => {
        kept = await authors();
        await kept[0]?.posts;
      });
      const { analysed } = await units.run(async () => {
        for (const author of kept.slice(1, 4)) await author.posts;
      });
      expect(batched(analysed)).toEqual([]);
      expect(analysed.queries).toHaveLength(3);
    });

    it('leaves work outside of a unit of work alone', async () => {
      const list = await authors();
      expect(await list[0]?.posts).toHaveLength(2);
      expect(Object.keys(list[1] as object)).not.toContain('__posts__');
    });

    const postsOf = (...titles: string[]) =>
      dataSource.manager.find(Post, { where: { title: In(titles) }, order: { id: 'ASC' } });

    it('gives each parent objects of its own, loaded once each', async () => {
      await units.run(async () => {
        const posts = await postsOf('1.1', '1.2');
        loaded.length = 0;
        const [first, second] = await Promise.all(posts.map(({ author }) => author));
        expect(first).toBeInstanceOf(Author);
        expect(first?.id).toBe(1);
        expect(second?.id).toBe(1);
        expect(first).not.toBe(second);
        const [of, ofOther] = [await first?.posts, await second?.posts];
        expect(of).toHaveLength(2);
        expect(of?.[0]).not.toBe(ofOther?.[0]);
        expect(loaded.map(({ title }) => title).sort()).toEqual(['1.1', '1.1', '1.2', '1.2']);
      });
    });

    it('a write ends it: what was loaded before is given to nobody', async () => {
      let seen: number[] = [];
      const { analysed } = await units.run(async () => {
        const [first, second, third] = (await authors()) as [Author, Author, Author];
        await first.posts;
        await dataSource.manager.insert(Post, { title: 'new', author: { id: 2 } } as never);
        seen = [(await second.posts).length, (await third.posts).length];
        await dataSource.manager.delete(Post, { title: 'new' });
      });
      expect(seen).toEqual([3, 2]);
      expect(batched(analysed)).toEqual(['Author.posts for 100, read by 1']);
    });

    it('so does a removed parent, whose children went with it', async () => {
      await units.run(async () => {
        const [first, second] = (await postsOf('2.1', '2.2')) as [Post, Post];
        expect(await first.comments).toHaveLength(1);
        await dataSource.manager.delete(Comment, { text: '2.2' });
        await dataSource.manager.delete(Post, { title: '2.2' });
        expect(await second.comments).toEqual([]);
        await dataSource.manager.insert(Post, { title: '2.2', author: { id: 2 } } as never);
        const [again] = (await postsOf('2.2')) as [Post];
        await dataSource.manager.insert(Comment, { text: '2.2', post: { id: again.id } } as never);
      });
    });

    it('a value that was set by hand stays, and is not loaded', async () => {
      const { analysed } = await units.run(async () => {
        const list = await authors();
        const [first, second, third] = list as [Author, Author, Author];
        second.posts = Promise.resolve([]);
        await second.posts;
        await first.posts;
        third.posts = Promise.resolve([]);
        expect(await second.posts).toEqual([]);
        expect(await third.posts).toEqual([]);
      });
      expect(batched(analysed)).toEqual(['Author.posts for 99, read by 1']);
    });

    it('the same relation twice is a statement of its own, as without', async () => {
      const { analysed } = await units.run(async () => {
        const [first] = (await authors()) as [Author];
        const before = await first.posts;
        Reflect.deleteProperty(first, '__posts__');
        Reflect.deleteProperty(first, '__has_posts__');
        expect(await first.posts).toEqual(before);
      });
      expect(analysed.queries).toHaveLength(3);
    });

    it('900 keys for one statement', async () => {
      const posts = Array.from({ length: 1_000 }, () => ({ title: 'many', author: { id: 1 } }));
      for (let at = 0; at < 1_000; at += 250)
        await dataSource.manager.insert(Post, posts.slice(at, at + 250) as never);
      const { analysed } = await units.run(async () => {
        const many = await dataSource.manager.find(Post, { where: { title: 'many' } });
        for (const post of many) expect(await post.comments).toEqual([]);
      });
      await dataSource.manager.delete(Post, { title: 'many' });
      expect(batched(analysed)).toEqual([
        'Post.comments for 900, read by 900',
        'Post.comments for 100, read by 100',
      ]);
    });

    it('a transaction keeps its own: its runner sees what it wrote, the others do not', async () => {
      const runner = dataSource.createQueryRunner();
      const { analysed } = await units.run(async () => {
        const outside = database.dialect === 'sqlite' ? undefined : await authors();
        await runner.startTransaction();
        await runner.manager.insert(Post, { title: 'in transaction', author: { id: 1 } } as never);
        const inside = await runner.manager.find(Author, { order: { id: 'ASC' } });
        expect((await inside[0]?.posts)?.map(({ title }) => title)).toContain('in transaction');
        expect(await inside[1]?.posts).toHaveLength(2);
        if (outside !== undefined) expect(await outside[0]?.posts).toHaveLength(2);
        await runner.rollbackTransaction();
        expect(await inside[2]?.posts).toHaveLength(2);
      });
      await runner.release();
      expect(batched(analysed).filter((text) => text.endsWith('read by 2'))).toEqual([
        'Author.posts for 100, read by 2',
      ]);
    });

    it('parents that nobody holds any more are not waited for', async () => {
      setFlagsFromString('--expose-gc');
      const collect = runInNewContext('gc') as () => void;
      const { analysed } = await units.run(async () => {
        const list: (Author | undefined)[] = await authors();
        const dropped = new WeakRef(list[1] as Author);
        list.length = 1;
        for (let tries = 0; tries < 50 && dropped.deref() !== undefined; tries++) {
          await new Promise((resolve) => setImmediate(resolve));
          collect();
        }
        expect(dropped.deref()).toBeUndefined();
        expect(await list[0]?.posts).toHaveLength(2);
      });
      expect(batched(analysed)).toEqual([]);
      expect(analysed.queries).toHaveLength(2);
    });

    /** As the accessor does; TypeORM leaves a rejection of its own unhandled there. */
    const commentsOf = (post: Post) => {
      const relation = dataSource.getMetadata(Post).findRelationWithPropertyPath('comments');
      return dataSource.relationLoader.load(relation as RelationMetadata, post);
    };

    /** Runs work while a table is missing. */
    const withoutComments = async (work: () => Promise<unknown>) => {
      await dataSource.query('ALTER TABLE comment RENAME TO hidden');
      try {
        return await units.run(work);
      } finally {
        await dataSource.query('ALTER TABLE hidden RENAME TO comment');
      }
    };

    it('fails as each parent alone would have', async () => {
      const reasons: unknown[] = [];
      await withoutComments(async () => {
        const results = await Promise.allSettled((await postsOf('3.1', '3.2')).map(commentsOf));
        for (const result of results) reasons.push(result.status === 'rejected' && result.reason);
      });
      expect(reasons).toEqual([expect.any(QueryFailedError), expect.any(QueryFailedError)]);
      expect(reasons[0]).not.toBe(reasons[1]);
      expect(units.failures.splice(0)).toEqual([expect.stringContaining('auto-batch: QueryFailedError')]);
    });

    it('inside a transaction the error is the one that broke it', async () => {
      const runner = dataSource.createQueryRunner();
      const reasons: unknown[] = [];
      const { analysed } = await withoutComments(async () => {
        await runner.startTransaction();
        const posts = await runner.manager.find(Post, { where: { title: In(['3.1', '3.2']) } });
        const load = (post: Post) => {
          const relation = dataSource.getMetadata(Post).findRelationWithPropertyPath('comments');
          return dataSource.relationLoader.load(relation as RelationMetadata, post, runner);
        };
        const results = await Promise.allSettled(posts.map(load));
        for (const result of results) reasons.push(result.status === 'rejected' && result.reason);
        await runner.rollbackTransaction();
      });
      await runner.release();
      expect(reasons.map(String)).toEqual([
        expect.stringMatching(/comment/),
        expect.stringMatching(/comment/),
      ]);
      expect(analysed.queries.filter(({ statement }) => statement.kind === 'select')).toHaveLength(2);
      units.failures.length = 0;
    });

    it('a failure of its own leaves everything to TypeORM, and is told', async () => {
      const { driver } = dataSource;
      const prepare = driver.prepareHydratedValue.bind(driver);
      const { analysed } = await units.run(async () => {
        const list = await authors();
        // From here on, columns of authors are only the keys of rows.
        driver.prepareHydratedValue = (value, column) => {
          if (column.entityMetadata.name === 'Author') throw new Error('broken');
          return prepare(value, column) as unknown;
        };
        for (const author of list.slice(0, 3)) expect(await author.posts).toHaveLength(2);
      });
      driver.prepareHydratedValue = prepare;
      expect(analysed.queries).toHaveLength(5);
      expect(units.failures.splice(0)).toEqual(['auto-batch: Error: broken']);
    });
  });
});
