import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { instrumentDataSource } from '../../../lib/capture/typeorm/instrument-data-source.js';
import { hydrationTimes } from '../../../lib/record/hydration-times.js';
import { describeOn } from '../../databases.js';
import { Author, blogEntities, fillBlog } from '../capture/blog.js';
import { RecordingSink } from '../capture/recording-sink.js';

describe('the time in which rows become entities', () => {
  describeOn(['sqljs', 'postgres', 'mysql'], (database) => {
    const sink = new RecordingSink();
    let dataSource: DataSource;
    let undo: () => void;

    beforeAll(async () => {
      dataSource = await database.open({ entities: blogEntities });
      await fillBlog(dataSource);
      undo = instrumentDataSource(dataSource, sink, { name: 'blog' });
    });
    afterAll(() => {
      undo();
    });

    it.each([
      ['a page with a join, which takes two statements', { relations: { posts: true }, take: 2 }],
      ['relations by statements of their own', { relations: { posts: true }, relationLoadStrategy: 'query' }],
    ] as const)('begins when the last statement has ended: %s', async (_, options) => {
      const unit = await sink.unit(() => dataSource.getRepository(Author).find(options));
      const whole = hydrationTimes(unit, 0).find(({ load }) => load.parentLoad === undefined)!;
      const ends = unit.queries.map(({ startMs, waitMs, executeMs }) => startMs + waitMs + executeMs);
      expect(ends.length).toBeGreaterThan(1);
      expect(whole.startMs).toBe(Math.max(...ends));
      expect(whole.endMs).toBe(whole.load.startMs + whole.load.durationMs);
    });
  });
});
