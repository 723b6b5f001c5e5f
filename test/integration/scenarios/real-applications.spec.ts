import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import type { Analysis } from '../../../lib/analysis/analyse.js';
import { describeOn } from '../../databases.js';
import { blogEntities, Comment, Post } from './blog.entities.js';
import { insertBlog } from './blog-rows.js';
import { ObservedUnits } from './observed-units.js';

/** What applications in use do, and what was first said of it. */
describe('shapes of real applications', () => {
  describeOn(['sqljs', 'pglite'], (database) => {
    let units: ObservedUnits;
    let dataSource: DataSource;

    beforeAll(async () => {
      dataSource = await database.open({ entities: blogEntities });
      await insertBlog(dataSource);
      units = new ObservedUnits(dataSource);
    });
    afterAll(() => {
      units.stop();
      expect(units.failures).toEqual([]);
    });

    const run = async (work: () => Promise<unknown>): Promise<Analysis> => {
      const analysis = await units.run(work);
      expect(units.failure).toBeUndefined();
      return analysis;
    };

    it('takes the total of a page for no count per parent', async () => {
      const { analysed, findings } = await run(() =>
        dataSource
          .createQueryBuilder(Post, 'post')
          .innerJoinAndSelect('post.author', 'author')
          .where('author.id = :id', { id: 1 })
          .skip(0)
          .take(2)
          .getManyAndCount(),
      );
      expect(findings).toEqual([]);
      expect(analysed.relationLoads.map(({ relation, strategy }) => `${relation} ${strategy}`)).toEqual([
        'Post.author join',
      ]);
    });

    it('tells one place of all statements of a call, also where a function returned without await', async () => {
      // The stack of the second statement, the one with the rows, lacks this function: it has returned by then.
      const read = (id: number) =>
        dataSource.getRepository(Comment).findOne({ where: { id }, relations: { post: true } });
      const { analysed } = await run(async () => {
        await read(1);
      });
      expect(analysed.queries.map(({ record }) => record.callSite?.function)).toEqual(['read', 'read']);
    });
  });
});
