import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { instrumentDataSource } from '../../../lib/capture/typeorm/instrument-data-source.js';
import { MAX_STATEMENT_LENGTH } from '../../../lib/record/query-record.js';
import { describeOn } from '../../databases.js';
import { RecordingSink } from '../capture/recording-sink.js';

const numbers = (count: number) => Array.from({ length: count }, (_, at) => at);
const MEGABYTE = 1_000_000;

/** What a server takes, and what an application sends by accident: as large as it may be. */
describe('statements at the limits of a server', () => {
  describeOn(['sqljs', 'postgres', 'mysql'], (database) => {
    const sink = new RecordingSink();
    let dataSource: DataSource;
    let undo: () => void;
    const mark = (at: number) => (database.dialect === 'postgres' ? `$${at + 1}` : '?');
    const marks = (count: number) => numbers(count).map(mark).join();
    /** PostgreSQL counts parameters in 16 bits; SQLite has half as many. */
    const most = database.dialect === 'sqlite' ? 32_766 : 65_535;

    beforeAll(async () => {
      dataSource = await database.open();
      await dataSource.query('CREATE TABLE note (id INTEGER PRIMARY KEY, body VARCHAR(100))');
      await dataSource.query("INSERT INTO note VALUES (1, 'one'), (2, 'two')");
    });
    afterAll(() => {
      expect(sink.failures).toEqual([]);
    });

    const extremes: Readonly<Record<string, () => [string, unknown[]?]>> = {
      'a literal of a megabyte': () => [
        `SELECT id FROM note WHERE body <> '${'x'.repeat(MEGABYTE)}' ORDER BY id`,
      ],
      'a comment of a megabyte': () => [`/* ${'x'.repeat(MEGABYTE)} */ SELECT id FROM note ORDER BY id`],
      'a list of 10,000 literals': () => [
        `SELECT id FROM note WHERE id IN (${numbers(10_000).join()}) ORDER BY id`,
      ],
      'a list of 10,000 parameters': () => [
        `SELECT id FROM note WHERE id IN (${marks(10_000)}) ORDER BY id`,
        numbers(10_000),
      ],
      'as many parameters as there can be': () => [
        `SELECT id FROM note WHERE id IN (${marks(most)}) ORDER BY id`,
        numbers(most),
      ],
      'a parameter of a megabyte': () => [
        `SELECT id FROM note WHERE body <> ${mark(0)} ORDER BY id`,
        ['é'.repeat(MEGABYTE / 2)],
      ],
      'random characters': () => [
        `SELECT id FROM note WHERE body <> ${mark(0)} ORDER BY id`,
        [randomBytes(10_000).toString('utf8').replaceAll('\0', '')],
      ],
    };

    it.each(Object.keys(extremes))('takes %s: the same rows, and nothing large kept', async (name) => {
      const [statement, values] = extremes[name]?.() ?? [''];
      const ask = () => dataSource.query<unknown>(statement, values);
      const bare = await ask();
      undo = instrumentDataSource(dataSource, sink, { name: 'default' });
      let seen: unknown;
      const { queries } = await sink.unit(async () => {
        seen = await ask();
      });
      undo();
      expect(seen).toEqual(bare);
      expect(seen).toEqual([{ id: 1 }, { id: 2 }]);
      const [record, ...others] = queries;
      expect(others).toEqual([]);
      expect(record).toMatchObject({ rowsReturned: 2, values: { count: values?.length ?? 0 } });
      expect(record?.statement.length).toBeLessThanOrEqual(MAX_STATEMENT_LENGTH + 1);
      expect(JSON.stringify(record).length).toBeLessThan(64_000);
    });
  });
});
