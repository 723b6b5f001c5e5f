import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { DEFAULT_THRESHOLDS } from '../../../lib/analysis/thresholds.js';
import { existingIndexFindings } from '../../../lib/investigation/existing-index-findings.js';
import type { TableFacts } from '../../../lib/investigation/table-facts.js';
import { describeOn, describeWith } from '../../databases.js';
import { startMariadb } from '../../servers/private-mariadb.mjs';
import type { PrivateServer } from '../../servers/private-postgres.mjs';
import { explainerOf } from './posts.js';
import { runMigration } from './run-migration.js';

const DAY_MS = 86_400_000;

/** `used` and `idle` are ordinary; the others may not go. */
const TABLES = [
  'CREATE TABLE parents (id int PRIMARY KEY)',
  `CREATE TABLE trips (id int PRIMARY KEY, used int, idle int, only_one int, parent_id int, code int,
     KEY used_key (used), KEY idle_key (idle), UNIQUE KEY unique_key (only_one), KEY parent_key (parent_id), KEY code_key (code),
     FOREIGN KEY (parent_id) REFERENCES parents (id))`,
  `INSERT INTO trips SELECT n, n % 10, n % 7, n, NULL, n FROM
     (WITH RECURSIVE numbers AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM numbers WHERE n < 900) SELECT n FROM numbers) made`,
  'ANALYZE TABLE trips',
];
const USE = 'SELECT * FROM trips FORCE INDEX (used_key) WHERE used = 3';

const factsOf = async (dataSource: DataSource): Promise<TableFacts> => {
  const { explainer, close } = await explainerOf(dataSource);
  const [facts] = await explainer.facts([{ name: 'trips' }]).finally(close);
  return facts!;
};

const found = (facts: TableFacts, at: number, unusedIndexBytes = 1) =>
  existingIndexFindings(
    facts,
    'default',
    { ...DEFAULT_THRESHOLDS, unusedIndexBytes },
    { database: 'mariadb', at },
  ).map(({ finding }) => finding);

const indexes = (facts: TableFacts, days = 8) =>
  found(facts, (facts.scansSince ?? Date.now()) + days * DAY_MS).map(({ relation }) => relation);

describe('unused indexes', () => {
  describeWith('mariadb-programs', (folder) => {
    let server: PrivateServer;
    let root: DataSource;

    beforeAll(async () => {
      const programs = { server: join(folder, 'mariadbd'), install: 'mariadb-install-db' };
      server = await startMariadb(programs, ['--performance-schema=ON', '--userstat=ON']);
      root = await new DataSource({ type: 'mysql', url: server.url }).initialize();
      await root.query(`CREATE USER plain@'%'`);
      await root.query(`GRANT ALL ON travel.* TO plain@'%'`);
      await root.query(`GRANT SELECT ON mysql.innodb_index_stats TO plain@'%'`);
    });

    afterAll(async () => {
      await root.destroy();
      await server.stop();
    });

    /** `root` may read `performance_schema`; `plain` sees what `userstat` counts. */
    describe.each(['root', 'plain'])('as %s', (user) => {
      let dataSource: DataSource;

      beforeEach(async () => {
        await root.query('CREATE OR REPLACE DATABASE travel');
        const url = server.url.replace('root@', `${user}@`).replace(/mysql$/, 'travel');
        dataSource = await new DataSource({ type: 'mysql', url }).initialize();
        for (const statement of TABLES) await dataSource.query(statement);
      });

      afterEach(async () => {
        await dataSource.query('DROP TABLE IF EXISTS children, trips');
        await dataSource.destroy();
      });

      it('finds the one that no statement used, and writes the migration that drops it', async () => {
        await dataSource.query(
          'CREATE TABLE children (code int, FOREIGN KEY (code) REFERENCES trips (code))',
        );
        await dataSource.query(USE);
        const facts = await factsOf(dataSource);
        expect(indexes(facts)).toEqual(['trips.idle_key']);
        const [finding] = found(facts, facts.scansSince! + 8 * DAY_MS);
        expect(finding?.title).toMatch(/^idle_key on trips \(idle\) has served no statement since \d{4}-/);
        await runMigration(dataSource, finding!.advice.code!, 'up');
        expect((await factsOf(dataSource)).indexes.map(({ name }) => name)).not.toContain('idle_key');
        await runMigration(dataSource, finding!.advice.code!, 'down');
        expect((await factsOf(dataSource)).indexes.map(({ name }) => name)).toContain('idle_key');
      });

      it('is silent where it was used, is small, or the server has not counted for a week', async () => {
        await dataSource.query(USE);
        const facts = await factsOf(dataSource);
        expect(indexes(facts, 6)).toEqual([]);
        expect(found(facts, facts.scansSince! + 8 * DAY_MS, 10_000_000)).toEqual([]);
        await dataSource.query('SELECT * FROM trips FORCE INDEX (idle_key) WHERE idle = 3');
        await dataSource.query('SELECT * FROM trips FORCE INDEX (code_key) WHERE code = 3');
        expect(indexes(await factsOf(dataSource))).toEqual([]);
      });

      it('counts since the table was altered, which forgets what was counted before', async () => {
        await dataSource.query(USE);
        const before = (await factsOf(dataSource)).scansSince!;
        await root.query('DO SLEEP(1.1)');
        await dataSource.query('ALTER TABLE trips ADD COLUMN note int, FORCE');
        await dataSource.query(USE);
        expect((await factsOf(dataSource)).scansSince).toBeGreaterThan(before);
      });

      it('is silent where nothing of the table was counted, or the server may be a replica', async () => {
        await root.query('TRUNCATE performance_schema.table_io_waits_summary_by_index_usage');
        await root.query('FLUSH INDEX_STATISTICS');
        expect((await factsOf(dataSource)).scansSince).toBeUndefined();
        await dataSource.query(USE);
        expect((await factsOf(dataSource)).scansSince).toBeGreaterThan(0);
        await root.query('SET GLOBAL read_only = 1');
        expect((await factsOf(dataSource)).scansSince).toBeUndefined();
        await root.query('SET GLOBAL read_only = 0');
      });
    });

    it('does not believe counters that were switched on while the server ran', async () => {
      await root.query('CREATE OR REPLACE DATABASE travel');
      const url = server.url.replace('root@', 'plain@').replace(/mysql$/, 'travel');
      const dataSource = await new DataSource({ type: 'mysql', url }).initialize();
      for (const statement of [...TABLES, USE]) await dataSource.query(statement);
      expect((await factsOf(dataSource)).scansSince).toBeGreaterThan(0);
      await root.query('SET GLOBAL userstat = OFF');
      await root.query('SET GLOBAL userstat = ON');
      expect((await factsOf(dataSource)).scansSince).toBeUndefined();
      await dataSource.destroy();
    });
  });

  // MySQL counts by default, MariaDB does not: there is nothing to say then.
  describeOn(['mysql'], (database) => {
    it('are found where this server counts', async () => {
      const dataSource = await database.open();
      for (const statement of [...TABLES, USE]) await dataSource.query(statement);
      const [{ switched }] = await dataSource.query('SELECT @@performance_schema AS switched');
      const isCounting = Number(switched) === 1;
      const facts = await factsOf(dataSource);
      expect(facts.scansSince !== undefined).toBe(isCounting);
      expect(indexes(facts).sort()).toEqual(isCounting ? ['trips.code_key', 'trips.idle_key'] : []);
    });
  });
});
