import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { instrumentDataSource } from '../../../lib/capture/typeorm/instrument-data-source.js';
import { describeOn } from '../../databases.js';
import { Author, blogEntities } from '../capture/blog.js';
import { RecordingSink } from '../capture/recording-sink.js';
import { ExportingSdk } from './exporting-sdk.js';
import { telemetryWith } from './telemetry-with.js';

/** Of an entity. */
const NUMBER = 47_114_711;

describe('what is exported', () => {
  describeOn(['sqljs', 'better-sqlite3', 'pglite', 'postgres', 'mysql'], (database) => {
    const sdk = new ExportingSdk();
    const sink = new RecordingSink(telemetryWith());
    let dataSource: DataSource;
    let undo: () => void;

    beforeAll(async () => {
      await sdk.start();
      dataSource = await database.open({ entities: blogEntities });
      undo = instrumentDataSource(dataSource, sink, { name: 'blog' });
    });
    afterAll(async () => {
      undo();
      await sdk.stop();
    });

    it('carries no value: of entities, parameters, literals, or in messages of the database', async () => {
      const authors = dataSource.getRepository(Author);
      const ignore = () => undefined;
      const spans = await sdk.during(() =>
        sink.unit(async () => {
          await authors.save({ name: 'hunter2 entity' });
          // TypeORM writes numbers into statements of SQLite, beside what it binds.
          await authors.insert({ id: NUMBER, name: 'hunter2 number' });
          await authors.insert({ id: NUMBER, name: 'hunter2 number' }).catch(ignore);
          await authors.findBy({ name: 'hunter2 number', id: NUMBER });
          await authors.update({ name: 'hunter2 number' }, { id: NUMBER + 1 });
          await authors.delete({ name: 'hunter2 number', id: NUMBER + 1 });
          await authors.save({ name: 'hunter2 entity' }).catch(ignore);
          await authors.insert({ name: "hunter2 o'entity" });
          await authors.insert({ name: "hunter2 o'entity" }).catch(ignore);
          await authors.findBy({ name: 'hunter2 parameter' });
          await authors.update({ name: 'hunter2 parameter' }, { name: 'hunter2 new' });
          await dataSource.query("SELECT id FROM author WHERE name = 'hunter2 literal'");
          await dataSource.query("SELECT nothing, 'hunter2 literal' FROM author").catch(ignore);
          await dataSource.query("SELEC 'hunter2' FORM author WHERE name = 'o''hunter2'").catch(ignore);
          await dataSource.query("INSERT INTO author (id, name) VALUES ('x\"hunter2', 'a')").catch(ignore);
          await dataSource.query('SELECT CAST(\'a"hunter2"b\' AS INTEGER)').catch(ignore);
          await dataSource.transaction(async (manager) => {
            await manager.delete(Author, { name: 'hunter2 parameter' });
          });
        }),
      );
      expect(spans.length).toBeGreaterThan(15);
      expect(spans.filter(({ status }) => status.code === 2).length).toBeGreaterThan(3);
      const leaks = spans.filter((span) => /hunter2|4711471/.test(JSON.stringify(span.attributes)));
      expect(leaks.map(({ name, attributes }) => ({ name, attributes }))).toEqual([]);
      expect(spans.map(({ status }) => status.message).filter((text) => text.includes('hunter2'))).toEqual(
        [],
      );
      for (const secret of ['hunter2', '4711471'])
        expect(sdk.receiver.bytes.some((bytes) => bytes.includes(secret))).toBe(false);
    });
  });
});
