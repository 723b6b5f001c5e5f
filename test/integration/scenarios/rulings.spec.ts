import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { In, type DataSource } from 'typeorm';
import { describeOn } from '../../databases.js';
import { insertBlog } from './blog-rows.js';
import {
  Author,
  blogEntities,
  Category,
  Comment,
  Document,
  Entry,
  Hobby,
  Match,
  Page,
  Post,
  Student,
  Teacher,
} from './blog.entities.js';
import { ObservedUnits } from './observed-units.js';

/** The scenarios at the end of RULINGS.md, by their numbers. */
describe('rulings', () => {
  describeOn(['sqljs', 'better-sqlite3', 'pglite', 'postgres'], (database) => {
    let dataSource: DataSource;
    let units: ObservedUnits;
    const find = (work: () => Promise<unknown>) => units.findings(work);
    const of = <T extends object>(entity: new () => T) => dataSource.getRepository<T>(entity);

    beforeAll(async () => {
      dataSource = await database.open({ entities: blogEntities });
      await insertBlog(dataSource);
      units = new ObservedUnits(dataSource);
    });
    afterAll(() => {
      expect(units.failures).toEqual([]);
      units.stop();
    });

    describe('1: all posts, the comments of each', () => {
      it('fires for a lazy relation', async () => {
        const found = await find(async () => {
          for (const post of await of(Post).find()) await post.comments;
        });
        expect(found).toEqual(['n-plus-one Post.comments']);
      });

      it('fires for a repository call per parent', async () => {
        const found = await find(async () => {
          for (const post of await of(Post).find()) await of(Comment).findBy({ postId: post.id });
        });
        expect(found).toEqual(['n-plus-one Post.comments']);
      });

      it('fires for a repository call with the relation in where', async () => {
        const found = await find(async () => {
          for (const post of await of(Post).find())
            await of(Comment).find({ where: { post: { id: post.id } } });
        });
        expect(found).toEqual(['n-plus-one Post.comments']);
      });

      it('fires for raw SQL per parent', async () => {
        const column = database.dialect === 'postgres' ? '"postId"' : 'postId';
        const mark = database.dialect === 'postgres' ? '$1' : '?';
        const found = await find(async () => {
          for (const post of await of(Post).find())
            await dataSource.query(`SELECT text FROM comment WHERE ${column} = ${mark}`, [post.id]);
        });
        expect(found).toEqual(['n-plus-one Post.comments']);
      });

      it.each(['join', 'query'] as const)(
        'stays silent with relations by %s',
        async (relationLoadStrategy) => {
          const found = await find(async () => {
            const posts = await of(Post).find({ relations: { comments: true }, relationLoadStrategy });
            for (const post of posts) await post.comments;
          });
          expect(found).toEqual([]);
        },
      );

      it('stays silent for one post only', async () => {
        const found = await find(async () => {
          const [post] = await of(Post).find();
          await post?.comments;
        });
        expect(found).toEqual([]);
      });
    });

    describe('2: all comments, the post of each', () => {
      it('fires for a lazy relation', async () => {
        const found = await find(async () => {
          for (const comment of await of(Comment).find()) await comment.post;
        });
        expect(found).toEqual(['n-plus-one Comment.post']);
      });

      it('fires for Promise.all', async () => {
        const found = await find(async () => {
          const comments = await of(Comment).find({ take: 10, order: { id: 'ASC' } });
          await Promise.all(comments.map((comment) => comment.post));
        });
        expect(found).toEqual(['n-plus-one Comment.post']);
      });

      it('stays silent for the first comment only', async () => {
        const found = await find(async () => {
          const [comment] = await of(Comment).find();
          await comment?.post;
        });
        expect(found).toEqual([]);
      });
    });

    describe('3: categories, posts, comments', () => {
      const readAll = async (categories: readonly Category[]) => {
        for (const category of categories) for (const post of await category.posts) await post.comments;
      };

      it('fires for both levels without eager loading', async () => {
        const { findings } = await units.run(async () => readAll(await of(Category).find()));
        expect(findings.map(({ relation }) => relation).sort()).toEqual(['Category.posts', 'Post.comments']);
        expect(findings.find(({ relation }) => relation === 'Post.comments')?.evidence.facts['depth']).toBe(
          1,
        );
      });

      it('fires for both levels with a repository call per parent', async () => {
        const found = await find(async () => {
          for (const category of await of(Category).find()) {
            for (const post of await of(Post).findBy({ categoryId: category.id })) {
              await of(Comment).findBy({ postId: post.id });
            }
          }
        });
        expect(found).toEqual(['n-plus-one Category.posts', 'n-plus-one Post.comments']);
      });

      it.each(['join', 'query'] as const)(
        'fires for comments when posts came by %s',
        async (relationLoadStrategy) => {
          const found = await find(async () =>
            readAll(await of(Category).find({ relations: { posts: true }, relationLoadStrategy })),
          );
          expect(found).toEqual(['n-plus-one Post.comments']);
        },
      );

      it.each(['join', 'query'] as const)(
        'stays silent when both came by %s',
        async (relationLoadStrategy) => {
          const found = await find(async () =>
            readAll(
              await of(Category).find({ relations: { posts: { comments: true } }, relationLoadStrategy }),
            ),
          );
          expect(found).toEqual([]);
        },
      );
    });

    describe('4: categories, each posts and each entries', () => {
      const readAll = async (categories: readonly Category[]) => {
        for (const category of categories) {
          await category.posts;
          await category.entries;
        }
      };

      it('fires for both', async () => {
        const found = await find(async () => readAll(await of(Category).find()));
        expect(found).toEqual(['n-plus-one Category.entries', 'n-plus-one Category.posts']);
      });

      it('fires for both with Promise.all', async () => {
        const found = await find(async () => {
          const categories = await of(Category).find();
          await Promise.all(categories.flatMap((category) => [category.posts, category.entries]));
        });
        expect(found).toEqual(['n-plus-one Category.entries', 'n-plus-one Category.posts']);
      });

      it.each(['join', 'query'] as const)(
        'fires for the other when one came by %s',
        async (relationLoadStrategy) => {
          const found = await find(async () =>
            readAll(await of(Category).find({ relations: { posts: true }, relationLoadStrategy })),
          );
          expect(found).toEqual(['n-plus-one Category.entries']);
        },
      );
    });

    describe('5: other relation kinds', () => {
      it('fires for both sides of many-to-many', async () => {
        const found = await find(async () => {
          for (const student of await of(Student).find()) await student.teachers;
          for (const teacher of await of(Teacher).find()) await teacher.students;
        });
        expect(found).toEqual(['n-plus-one Student.teachers', 'n-plus-one Teacher.students']);
      });

      it('fires for both sides of a self-referencing many-to-many', async () => {
        const found = await find(async () => {
          const authors = await of(Author).find();
          for (const author of authors) await author.followers;
          for (const author of authors) await author.following;
        });
        expect(found).toEqual(['n-plus-one Author.followers', 'n-plus-one Author.following']);
      });

      it('fires for both sides of one-to-one', async () => {
        const found = await find(async () => {
          for (const author of await of(Author).find()) {
            const profile = await author.profile;
            await profile.author;
          }
        });
        expect(found).toEqual(['n-plus-one Author.profile', 'n-plus-one Profile.author']);
      });
    });

    describe('8 and 9: parents', () => {
      it('makes one finding of the same loop in two places', async () => {
        const { findings } = await units.run(async () => {
          const posts = await of(Post).find();
          for (const post of posts.slice(0, 6)) await post.comments;
          for (const post of posts.slice(6)) await post.comments;
        });
        expect(findings.map(({ kind, relation }) => `${kind} ${relation}`)).toEqual([
          'n-plus-one Post.comments',
        ]);
        expect(findings[0]?.callSites).toHaveLength(2);
      });

      it('stays silent for the one that was loaded singly, and fires for all', async () => {
        const single = await find(async () => {
          const author = await of(Author).findOneByOrFail({ id: 1 });
          await author.hobbies;
          await of(Author).find();
        });
        expect(single).toEqual([]);
        const all = await find(async () => {
          const author = await of(Author).findOneByOrFail({ id: 1 });
          await author.hobbies;
          for (const other of await of(Author).find()) await other.hobbies;
        });
        expect(all).toEqual(['n-plus-one Author.hobbies']);
      });
    });

    it('10: stays silent for two units with one detail query each', async () => {
      for (const id of [1, 2]) {
        expect(await find(async () => (await of(Post).findOneByOrFail({ id })).comments)).toEqual([]);
      }
    });

    describe('11: pagination and batches', () => {
      it('stays silent for pages', async () => {
        const found = await find(async () => {
          for (let page = 0; page < 10; page++) {
            await of(Post).find({
              order: { id: 'ASC' },
              skip: page * 2,
              take: 2,
              relations: { comments: true },
            });
          }
        });
        expect(found).toEqual([]);
      });

      it('stays silent for batches of keys', async () => {
        const found = await find(async () => {
          const posts = await of(Post).find();
          for (let at = 0; at < posts.length; at += 3) {
            await of(Comment).findBy({ postId: In(posts.slice(at, at + 3).map(({ id }) => id)) });
          }
        });
        expect(found).toEqual([]);
      });
    });

    describe('12: by id', () => {
      it('fires for a lookup per row and names the relation', async () => {
        const { findings } = await units.run(async () => {
          for (const post of await of(Post).find()) await of(Author).findOneBy({ id: post.authorId });
        });
        expect(findings.map(({ kind, relation }) => `${kind} ${relation}`)).toEqual([
          'n-plus-one Post.author',
        ]);
        expect(findings[0]?.evidence.text).toContain('12 statements, 4 distinct keys');
      });

      it('calls the same id a duplicate', async () => {
        const found = await find(async () => {
          for (let time = 0; time < 50; time++) await of(Author).findOneBy({ id: 1 });
        });
        expect(found).toEqual(['duplicate-query']);
      });
    });

    it('14: stays silent about loading for 20 updates in a transaction', async () => {
      const found = await find(() =>
        dataSource.transaction(async (manager) => {
          for (let n = 0; n < 20; n++)
            await manager.update(Hobby, { id: (n % 8) + 1 }, { name: `hobby ${n}` });
        }),
      );
      expect(found).toEqual([]);
    });

    it('15: knows the call site of Promise.all', async () => {
      const { findings } = await units.run(async () => {
        const categories = await of(Category).find();
        return Promise.all(categories.map((category) => category.posts));
      });
      expect(findings.map(({ kind, relation }) => `${kind} ${relation}`)).toEqual([
        'n-plus-one Category.posts',
      ]);
      expect(findings[0]?.callSites[0]?.file).toMatch(/rulings\.spec\.ts$/);
    });

    it('16: sees through literals in the text', async () => {
      const column = database.dialect === 'postgres' ? '"postId"' : 'postId';
      const found = await find(async () => {
        for (const post of await of(Post).find())
          await dataSource.query(`SELECT text FROM comment WHERE ${column} = ${post.id}`);
      });
      expect(found).toEqual(['n-plus-one Post.comments']);
    });

    describe('17: two relations to one table', () => {
      it.each(['join', 'query'] as const)('stays silent by %s', async (relationLoadStrategy) => {
        const found = await find(() =>
          of(Match).find({ relations: { home: true, away: true }, relationLoadStrategy }),
        );
        expect(found).toEqual([]);
      });

      it('makes two findings when lazy', async () => {
        const found = await find(async () => {
          for (const match of await of(Match).find()) {
            await match.home;
            await match.away;
          }
        });
        expect(found).toEqual(['n-plus-one Match.away', 'n-plus-one Match.home']);
      });
    });

    describe('18: single-table inheritance', () => {
      it('names the class that was queried', async () => {
        const pages = await find(async () => {
          for (const page of await of(Page).find()) await page.author;
        });
        expect(pages).toEqual(['n-plus-one Page.author']);
      });

      it('names it for lookups by hand, too', async () => {
        const found = await find(async () => {
          for (const { authorId } of await of(Page).find()) await of(Author).findOneBy({ id: authorId });
        });
        expect(found).toEqual(['n-plus-one Page.author']);
      });

      it('names the base class for a mixed list', async () => {
        const found = await find(async () => {
          for (const document of await of(Document).find()) await document.author;
        });
        expect(found).toEqual(['n-plus-one Document.author']);
      });
    });

    describe('edge rulings', () => {
      it('knows the list of an earlier unit by the entities it gave', async () => {
        let kept: Post[] = [];
        await units.run(async () => {
          kept = await of(Post).find();
        });
        const found = await find(async () => {
          for (const post of kept) await post.comments;
        });
        expect(found).toEqual(['n-plus-one Post.comments']);
      });

      it('counts a lazy to-one without a foreign key, which sends SQL all the same', async () => {
        const found = await find(async () => {
          const posts = await of(Post).find({ take: 4, order: { id: 'ASC' } });
          await of(Post).update({ id: In(posts.map(({ id }) => id)) }, { authorId: () => 'NULL' });
          for (const post of await of(Post).find({ take: 4, order: { id: 'ASC' } })) await post.author;
          for (const { id, authorId } of posts) await of(Post).update({ id }, { authorId });
        });
        expect(found).toEqual(['n-plus-one Post.author']);
      });

      it('counts rows that were just saved as loaded singly', async () => {
        const found = await find(async () => {
          const saved = await of(Author).save(
            [1, 2, 3, 4].map((n) => of(Author).create({ name: `new ${n}` })),
          );
          for (const author of saved) await author.hobbies;
        });
        expect(found).toEqual([]);
      });

      it('leaves what runs outside of requests alone, but for failures', async () => {
        const found = await units.findingsOutside(async () => {
          for (const post of await of(Post).find()) await post.comments;
          await dataSource.query('SELECT * FROM nowhere').catch(() => undefined);
        });
        expect(found).toEqual(['failing-query']);
      });

      it('counts an entity test per row as count-per-row', async () => {
        const found = await find(async () => {
          for (const post of await of(Post).find()) await of(Comment).existsBy({ postId: post.id });
        });
        expect(found).toEqual(['count-per-row Post.comments']);
      });

      it('counts a count per row as count-per-row', async () => {
        const found = await find(async () => {
          for (const post of await of(Post).find()) await of(Comment).countBy({ postId: post.id });
        });
        expect(found).toEqual(['count-per-row Post.comments']);
      });

      it('stays silent for constants', async () => {
        const found = await find(async () => {
          await of(Author).find();
          for (const name of ['hobby 1', 'hobby 2', 'hobby 3', 'hobby 4']) await of(Hobby).findBy({ name });
        });
        expect(found).toEqual([]);
      });

      it('fires for a lookup by an ordinary column per row, without a relation name', async () => {
        const found = await find(async () => {
          const mark = database.dialect === 'postgres' ? '$1' : '?';
          for (const { title } of await of(Page).find()) {
            await dataSource.query(`SELECT * FROM entry WHERE text = ${mark}`, [title]);
          }
        });
        expect(found).toEqual(['n-plus-one Entry by text']);
      });

      it('makes one finding of a pagination loop with the same loop inside', async () => {
        const found = await find(async () => {
          for (let page = 0; page < 4; page++) {
            const posts = await of(Post).find({ order: { id: 'ASC' }, skip: page * 3, take: 3 });
            for (const post of posts) await post.comments;
          }
        });
        expect(found).toEqual(['n-plus-one Post.comments']);
      });

      it('makes two findings of two lists with a loop each', async () => {
        const found = await find(async () => {
          for (const post of await of(Post).find()) await post.comments;
          for (const post of await of(Post).find({ order: { id: 'DESC' } })) await post.comments;
        });
        expect(found).toEqual(['n-plus-one Post.comments', 'n-plus-one Post.comments']);
      });

      it('fires twice for load, change and save per id', async () => {
        const found = await find(async () => {
          for (const { id } of await of(Entry).find({ select: { id: true } })) {
            const entry = await of(Entry).findOneByOrFail({ id });
            entry.text += '!';
            await of(Entry).save(entry);
          }
        });
        expect(found).toEqual(['n-plus-one Entry by id', 'save-in-loop Entry']);
      });

      it('stays silent for save of a list', async () => {
        const found = await find(async () => {
          const entries = await of(Entry).find();
          for (const entry of entries) entry.text += '?';
          await of(Entry).save(entries, { chunk: 3 });
        });
        expect(found).toEqual([]);
      });

      it('fires for inserts in a loop', async () => {
        const found = await find(async () => {
          for (let n = 0; n < 6; n++) await of(Hobby).insert({ name: `new ${n}`, authorId: 1 });
        });
        expect(found).toEqual(['save-in-loop Hobby']);
      });

      it('says that a back reference is free', async () => {
        const { findings } = await units.run(async () => {
          const post = await of(Post).findOneOrFail({ where: { id: 1 }, relations: { comments: true } });
          for (const comment of await post.comments) await comment.post;
        });
        expect(findings.map(({ kind, relation }) => `${kind} ${relation}`)).toEqual([
          'n-plus-one Comment.post',
        ]);
        expect(findings[0]?.advice.text).toContain('free');
      });

      it('stays silent for two lookups on two lines', async () => {
        const found = await find(async () => {
          const [post] = await of(Post).find();
          await of(Author).findOneBy({ id: post?.authorId });
          await of(Author).findOneBy({ id: (post?.authorId ?? 0) + 1 });
        });
        expect(found).toEqual([]);
      });

      it('stays silent when a write lies between two equal reads', async () => {
        const found = await find(async () => {
          await of(Hobby).findBy({ authorId: 1 });
          await of(Hobby).insert({ name: 'another', authorId: 1 });
          await of(Hobby).findBy({ authorId: 1 });
        });
        expect(found).toEqual([]);
      });

      it('reports truncated relations', async () => {
        const query = (limit: number) => () =>
          of(Post)
            .createQueryBuilder('post')
            .leftJoinAndSelect('post.comments', 'comments')
            .limit(limit)
            .getMany();
        const { findings } = await units.run(query(4));
        expect(findings).toMatchObject([
          { kind: 'truncated-relation', severity: 'error', relation: 'Post.comments' },
        ]);
        const latent = await units.run(query(1_000));
        expect(latent.findings).toMatchObject([{ kind: 'truncated-relation', severity: 'warning' }]);
      });

      it('fires for a double load: joined, then queried per parent', async () => {
        const found = await find(async () => {
          const posts = await of(Post).find({ relations: { comments: true } });
          for (const post of posts) await of(Comment).findBy({ postId: post.id });
        });
        expect(found).toEqual(['double-load Post.comments']);
      });

      it('reports a failing statement', async () => {
        const { findings } = await units.run(() =>
          dataSource.query('SELECT * FROM nowhere').catch(() => undefined),
        );
        expect(findings).toMatchObject([{ kind: 'failing-query', severity: 'error' }]);
      });
    });
  });
});
