import '../capture/older-storage-first.js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource, SelectQueryBuilder } from 'typeorm';
import type { Analysis } from '../../../lib/analysis/analyse.js';
import { describeOn } from '../../databases.js';
import { withBothVersions } from '../batching/both-versions.js';
import { Author, blogEntities, Comment, Post } from './blog.entities.js';
import { insertBlog } from './blog-rows.js';
import { ObservedUnits } from './observed-units.js';

/** Gone from TypeORM 1. */
interface OlderBuilder<T extends object> extends SelectQueryBuilder<T> {
  loadRelationCountAndMap(property: string, relation: string): this;
}

/** What applications in use do, and what was first said of it. */
describe('shapes of real applications', () => {
  describeOn(['sqljs', 'pglite'], (database) => {
    withBothVersions(database, (open, version) => {
      let units: ObservedUnits;
      let dataSource: DataSource;

      beforeAll(async () => {
        dataSource = await open({ entities: blogEntities });
        await insertBlog(dataSource);
        units = new ObservedUnits(dataSource);
      });
      afterAll(async () => {
        units.stop();
        await dataSource.destroy();
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

      if (version === '0.3')
        it('takes numbers of children for a count, not for ids', async () => {
          const builder = dataSource.createQueryBuilder(Author, 'author') as OlderBuilder<Author>;
          const { analysed, findings } = await run(() =>
            builder.loadRelationCountAndMap('author.postCount', 'author.posts').getMany(),
          );
          expect(findings).toEqual([]);
          expect(analysed.relationLoads).toMatchObject([{ relation: 'Author.posts', isCount: true }]);
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
});
