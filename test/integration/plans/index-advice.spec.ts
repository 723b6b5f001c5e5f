import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { indexText } from '../../../lib/investigation/index-definition.js';
import { judgeStatement } from '../../../lib/investigation/judge-statement.js';
import type { PostgresExplainer } from '../../../lib/explain/postgres/postgres-explainer.js';
import type { SqlSession } from '../../../lib/investigation/sql-session.js';
import { describeOn } from '../../databases.js';
import { fillPosts, installHypopg, openExplainer } from './rows.js';

// The behaviours that ankane/dexter tests, and those of RULINGS, "slow-query and index advice".
describeOn(['postgres', 'pglite'], (database) => {
  let dataSource: DataSource;
  let session: SqlSession;
  let explainer: PostgresExplainer;
  let hasHypopg: boolean;

  beforeAll(async () => {
    dataSource = await database.open();
    hasHypopg = await installHypopg(dataSource);
    await fillPosts(dataSource);
    ({ explainer, session } = await openExplainer(dataSource));
  });

  afterAll(() => session.close());

  const advised = async (text: string): Promise<string> => {
    const { indexes, whyNot } = await judgeStatement(explainer, { text });
    return whyNot ?? indexes.map(indexText).join(' + ');
  };

  it('tries indexes the way this database allows', () => {
    expect(explainer.trial?.how).toMatch(hasHypopg ? /HypoPG/ : /rolled back/);
  });

  it.each([
    ['one column', 'SELECT * FROM posts WHERE user_id = 1', 'posts (user_id)'],
    ['a parameter', 'SELECT * FROM posts WHERE user_id = $1', 'posts (user_id)'],
    ['a list', 'SELECT * FROM posts WHERE user_id IN ($1, $2)', 'posts (user_id)'],
    ['a range', `SELECT * FROM posts WHERE published_at > '2026-01-14 20:00'`, 'posts (published_at)'],
    ['a name in upper case', `SELECT * FROM posts WHERE "bigTitle" = 'big 5'`, 'posts (bigTitle)'],
    ['an alias', 'SELECT p.* FROM posts p WHERE p.user_id = 1', 'posts (user_id)'],
    ['a schema', 'SELECT * FROM public.posts WHERE user_id = 1', 'posts (user_id)'],
    ['varchar', `SELECT * FROM posts WHERE title = 'title 5'`, 'posts (title)'],
    ['order and limit', 'SELECT * FROM posts ORDER BY published_at LIMIT 10', 'posts (published_at)'],
    ['order, descending', 'SELECT * FROM posts ORDER BY published_at DESC LIMIT 10', 'posts (published_at)'],
    [
      'mixed order',
      'SELECT * FROM posts ORDER BY blog_id DESC, published_at LIMIT 10',
      'posts (blog_id DESC, published_at)',
    ],
    ['a view', 'SELECT * FROM posts_view WHERE blog = 5', 'posts (blog_id)'],
    [
      'a CTE',
      'WITH mine AS (SELECT * FROM posts WHERE user_id = 7) SELECT * FROM mine WHERE blog_id = 3',
      /posts \((user_id|blog_id)/,
    ],
    [
      'a subquery',
      'SELECT * FROM blogs WHERE id IN (SELECT blog_id FROM posts WHERE user_id = 1)',
      /posts \(user_id/,
    ],
    ['a partitioned table', 'SELECT * FROM events WHERE user_id = 3', 'events (user_id)'],
    ['a hundred columns', 'SELECT * FROM wide WHERE c99 = 5', 'wide (c99)'],
    [
      'a pattern',
      `SELECT * FROM posts WHERE published_at BETWEEN '2026-01-02' AND '2026-01-02 01:00'`,
      'posts (published_at)',
    ],
  ])('%s', async (_name, text, expected) => {
    expect(await advised(text)).toEqual(
      expect.stringMatching(expected instanceof RegExp ? expected : exactly(expected)),
    );
  });

  it('(a =, b =): both where each earns its place, one where the other adds nothing', async () => {
    expect(await advised(`SELECT * FROM posts WHERE blog_id = 7 AND status = 'state 1'`)).toBe(
      'posts (blog_id, status)',
    );
    expect(await advised('SELECT * FROM posts WHERE id < 19000 AND user_id = 7')).toBe('posts (user_id)');
  });

  it('(a =, b <): the better one', async () => {
    expect(await advised('SELECT * FROM posts WHERE user_id = 7 AND blog_id < 490')).toBe('posts (user_id)');
  });

  it('(a =, ORDER BY b LIMIT): both', async () => {
    expect(
      await advised(`SELECT * FROM posts WHERE status = 'state 1' ORDER BY published_at LIMIT 500`),
    ).toMatch(/posts \((status, )?published_at\)/);
    expect(await advised('SELECT * FROM posts WHERE blog_id = 7 ORDER BY published_at DESC LIMIT 2')).toBe(
      'posts (blog_id, published_at)',
    );
  });

  it('a part of the table, where the rest is never asked for', async () => {
    expect(await advised('SELECT * FROM jobs WHERE done_at IS NULL AND owner > 1')).toBe(
      'jobs (owner) where done_at IS NULL',
    );
  });

  it('columns that spare the table, where much is left to win', async () => {
    expect(await advised('SELECT sum(value) FROM measurements WHERE sensor = 7')).toBe(
      'measurements (sensor) including value',
    );
  });

  it('a join: the side that is looked up', async () => {
    expect(
      await advised(
        `SELECT * FROM blogs JOIN posts ON posts.blog_id = blogs.id WHERE blogs.title = 'blog 5'`,
      ),
    ).toMatch(/posts \(blog_id\)/);
  });

  it.each([
    ['a table that is read as a whole', 'SELECT * FROM posts', /all of it is asked for/],
    [
      'a condition most rows satisfy',
      'SELECT * FROM posts WHERE id > 10 AND blog_id >= 1',
      /would not use|% less/,
    ],
    ['an index that is there', 'SELECT * FROM indexed WHERE a = 5 AND b = 5', /costs .* below 100/],
    [
      'a small table',
      'SELECT * FROM small, posts WHERE small.a = 5',
      /all of it is asked for|fewer than 500/,
    ],
    ['an empty table', 'SELECT * FROM empty WHERE a = 5', /Cannot judge: empty is empty/],
    ['a table nobody analysed', 'SELECT * FROM never WHERE a = 5', /Cannot judge: never/],
    ['json', `SELECT * FROM posts WHERE tags = '{"a": 2}'`, /tags is jsonb/],
    ['no table', 'SELECT 1', /reads no table/],
  ])('none, with the reason, for %s', async (_name, text, reason) => {
    expect(await advised(text)).toMatch(reason);
  });

  it('an expression: none, and the plan says what stands in the way', async () => {
    const { explained, indexes } = await judgeStatement(explainer, {
      text: `SELECT * FROM posts WHERE lower(title) = 'title 5'`,
    });
    expect(indexes).toEqual([]);
    expect(explained.plan.warnings.map(({ text }) => text).join()).toMatch(/lower\(\) around posts.title/);
  });

  it('rejects what the database refuses, and goes on afterwards', async () => {
    await expect(judgeStatement(explainer, { text: 'SELECT * FROM nowhere' })).rejects.toThrow(/nowhere/);
    await expect(judgeStatement(explainer, { text: 'SELEC 1' })).rejects.toThrow(/syntax/);
    expect(await advised('SELECT * FROM posts WHERE user_id = $1')).toBe('posts (user_id)');
  });

  it('leaves no index behind', async () => {
    const rows = await dataSource.query(`SELECT indexname FROM pg_indexes WHERE tablename = 'posts'`);
    expect(rows).toEqual([{ indexname: 'posts_pkey' }]);
  });
});

function exactly(text: string): RegExp {
  return new RegExp(`^${text.replace(/[()+]/g, '\\$&')}$`);
}
