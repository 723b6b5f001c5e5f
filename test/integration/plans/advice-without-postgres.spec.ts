import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import type { Explainer } from '../../../lib/investigation/explainer.js';
import { indexText } from '../../../lib/investigation/index-definition.js';
import { judgeStatement, type Judgement } from '../../../lib/investigation/judge-statement.js';
import { describeOn } from '../../databases.js';
import { explainerOf, fillPostsOf } from './posts.js';

// The behaviours that ankane/dexter tests, on the databases that are not PostgreSQL.
describeOn(['sqljs', 'better-sqlite3', 'mysql'], (database) => {
  let dataSource: DataSource;
  let explainer: Explainer;
  let suggesting: Explainer;
  const open: (() => Promise<void>)[] = [];
  const isMysql = database.name === 'mysql';

  beforeAll(async () => {
    dataSource = await database.open();
    await fillPostsOf(dataSource);
    const trying = await explainerOf(dataSource, { trialIndexes: true });
    const asking = await explainerOf(dataSource);
    explainer = trying.explainer;
    suggesting = asking.explainer;
    open.push(trying.close, asking.close);
  }, 60_000);

  afterAll(async () => {
    for (const close of open) await close();
  });

  const judged = (text: string, by = explainer): Promise<Judgement> => judgeStatement(by, { text });
  const advised = async (text: string, by = explainer): Promise<string> => {
    const { indexes, whyNot } = await judged(text, by);
    return whyNot ?? indexes.map(indexText).sort().join(' + ');
  };

  it('tries indexes where that was allowed, and only there', () => {
    expect(explainer.trial?.how).toMatch(
      isMysql ? /temporary copy of the table/ : /empty copy of the schema/,
    );
    expect(suggesting.trial).toBeUndefined();
  });

  it.each([
    ['one column', 'SELECT * FROM posts WHERE user_id = 1', 'posts (user_id)'],
    ['a parameter', 'SELECT * FROM posts WHERE user_id = ?', 'posts (user_id)'],
    ['a list', 'SELECT * FROM posts WHERE user_id IN (?, ?)', 'posts (user_id)'],
    ['a name in upper case', `SELECT * FROM posts WHERE bigTitle = 'big 5'`, 'posts (bigTitle)'],
    ['an alias', 'SELECT p.* FROM posts p WHERE p.user_id = 1', 'posts (user_id)'],
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
      'posts (user_id)',
    ],
    [
      'a subquery',
      'SELECT * FROM blogs WHERE id IN (SELECT blog_id FROM posts WHERE user_id = 1)',
      'posts (user_id)',
    ],
    ['a hundred columns', 'SELECT * FROM wide WHERE c99 = 5', 'wide (c99)'],
    ['(a =, b =)', `SELECT * FROM posts WHERE blog_id = 7 AND status = 'state 1'`, 'posts (blog_id, status)'],
    ['(a =, b <)', 'SELECT * FROM posts WHERE user_id = 7 AND blog_id < 490', 'posts (user_id)'],
    [
      '(a =, ORDER BY b LIMIT)',
      'SELECT * FROM posts WHERE blog_id = 7 ORDER BY published_at DESC LIMIT 2',
      'posts (blog_id, published_at)',
    ],
    [
      'a join, both sides of it',
      `SELECT * FROM blogs JOIN posts ON posts.blog_id = blogs.id WHERE blogs.title = 'blog 5'`,
      'blogs (title) + posts (blog_id)',
    ],
    [
      'an outer join',
      `SELECT * FROM blogs LEFT JOIN posts ON posts.blog_id = blogs.id WHERE blogs.title = 'blog 5'`,
      'blogs (title) + posts (blog_id)',
    ],
    [
      'a subquery for each row',
      `SELECT b.id, (SELECT max(p.published_at) FROM posts p WHERE p.user_id = b.id) m FROM blogs b ORDER BY m LIMIT 5`,
      'posts (user_id)',
    ],
    ['a test for NULL', 'SELECT * FROM jobs WHERE done_at IS NULL AND owner > 1', 'jobs (done_at)'],
  ])('%s', async (_name, text, expected) => {
    expect(await advised(text)).toBe(expected);
  });

  it.each([
    ['a table that is read as a whole', 'SELECT * FROM posts', /all of it is asked for/],
    [
      'a condition many rows satisfy',
      `SELECT * FROM posts WHERE status = 'state 1'`,
      /would not use an index on posts \(status\)|\d\d % less; (50|90) %/,
    ],
    ['an index that is there', 'SELECT * FROM indexed WHERE a = 5 AND b = 5', /below 100|fewer than 500/],
    ['a small table', 'SELECT * FROM small, posts WHERE small.a = 5', /small has 100 rows, fewer than 500/],
    ['an empty table', 'SELECT * FROM vacant WHERE a = 5', /Cannot judge: vacant is empty/],
    ['json', `SELECT * FROM posts WHERE tags = '{"a": 2}'`, /tags is (json|longtext)/],
    ['no table', 'SELECT 1', /reads no table/],
    [
      'a union',
      'SELECT id FROM posts WHERE user_id = 3 UNION SELECT id FROM blogs WHERE title = 4',
      /unites several queries/,
    ],
  ])('none, with the reason, for %s', async (_name, text, reason) => {
    expect(await advised(text)).toMatch(reason);
  });

  it('a table nobody analysed: MariaDB has analysed it by itself, SQLite has not', async () => {
    expect(await advised('SELECT * FROM never WHERE a = 5')).toMatch(
      isMysql ? /^never \(a\)$/ : /Cannot judge: never/,
    );
  });

  it('an expression: none, and the plan says what stands in the way', async () => {
    const { explained, indexes } = await judged(`SELECT * FROM posts WHERE lower(title) = 'title 5'`);
    expect(indexes).toEqual([]);
    expect(explained.plan.warnings.map(({ text }) => text).join()).toMatch(/lower\(\) around posts.title/);
  });

  it('rejects what the database refuses, and goes on afterwards', async () => {
    await expect(judged('SELECT * FROM nowhere')).rejects.toMatchObject({
      message: expect.stringMatching(/nowhere/),
    });
    await expect(judged('SELECT * FROM posts WHERE WHERE')).rejects.toMatchObject({
      message: expect.stringMatching(/syntax/),
    });
    expect(await advised('SELECT * FROM posts WHERE user_id = ?')).toBe('posts (user_id)');
  });

  describe('without leave to try', () => {
    it('suggests where the plan throws most rows away and the statistics agree, and says that it did not try', async () => {
      const { indexes, untried } = await judged('SELECT * FROM posts WHERE user_id = ?', suggesting);
      expect(indexes.map(indexText)).toEqual(['posts (user_id)']);
      expect(untried).toMatch(/set investigate.trialIndexes/);
    });

    it.each([
      ['most rows are kept', `SELECT * FROM posts WHERE status = 'state 1'`],
      ['nobody knows how many are kept', `SELECT * FROM posts WHERE published_at > '2026-01-14 20:00:00'`],
    ])('suggests nothing where %s', async (_name, text) => {
      expect(await advised(text, suggesting)).toMatch(/cannot be tried here/);
    });
  });

  it('leaves no index and no table behind', async () => {
    const names = isMysql
      ? await dataSource.query(
          `SELECT DISTINCT INDEX_NAME AS name FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'posts'`,
        )
      : await dataSource.query(`SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'posts'`);
    expect(names).toEqual(isMysql ? [{ name: 'PRIMARY' }] : []);
  });
});
