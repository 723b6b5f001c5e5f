import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { DEFAULT_THRESHOLDS } from '../../../lib/analysis/thresholds.js';
import { existingIndexFindings } from '../../../lib/investigation/existing-index-findings.js';
import { schemaModel } from '../../../lib/capture/typeorm/schema-model.js';
import type { SchemaModel } from '../../../lib/record/schema-model.js';
import type { SqlSession } from '../../../lib/investigation/sql-session.js';
import type { TableFacts } from '../../../lib/investigation/table-facts.js';
import type { PostgresExplainer } from '../../../lib/explain/postgres/postgres-explainer.js';
import { describeOn } from '../../databases.js';
import { shopEntities } from '../scenarios/shop.entities.js';
import { openExplainer } from './rows.js';
import { runMigration } from './run-migration.js';

const DAY_MS = 86_400_000;
/** By then the statistics of a database that was made just now have counted for long enough. */
const later = Date.now() + 30 * DAY_MS;

const TABLE = `CREATE TABLE trips (id int PRIMARY KEY, a int, b int, c text, d text) WITH (autovacuum_enabled = off)`;

/** An index, those beside it, and those that are in vain. */
const CASES: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['a prefix', ['one ON trips (a)', 'two ON trips (a, b)'], ['one']],
  ['a twin', ['one ON trips (a)', 'two ON trips (a)'], ['one']],
  ['three in a row', ['one ON trips (a)', 'two ON trips (a, b)', 'three ON trips (a, b, c)'], ['one', 'two']],
  ['a prefix of a unique index', ['one ON trips (a)', 'UNIQUE two ON trips (a, b)'], ['one']],
  ['what begins with the primary key is more than it', ['one ON trips (id, a)'], []],
  ['the primary key itself', ['one ON trips (id)'], ['one']],
  ['a unique prefix', ['UNIQUE one ON trips (a)', 'two ON trips (a, b)'], []],
  ['another order of columns', ['one ON trips (b)', 'two ON trips (a, b)'], []],
  ['another direction', ['one ON trips (a DESC)', 'two ON trips (a, b)'], []],
  ['nulls elsewhere', ['one ON trips (a NULLS FIRST)', 'two ON trips (a, b)'], []],
  ['a partial one', ['one ON trips (a) WHERE b > 0', 'two ON trips (a, b)'], []],
  ['covered by a partial one only', ['one ON trips (a)', 'two ON trips (a, b) WHERE b > 0'], []],
  ['the same condition', ['one ON trips (a) WHERE b > 0', 'two ON trips (a, c) WHERE b > 0'], ['one']],
  ['an expression', ['one ON trips (lower(c))', 'two ON trips (c, d)'], []],
  ['the same expression', ['one ON trips (lower(c))', 'two ON trips (lower(c), d)'], ['one']],
  ['another operator class', ['one ON trips (c text_pattern_ops)', 'two ON trips (c, d)'], []],
  ['another collation', ['one ON trips (c COLLATE "C")', 'two ON trips (c, d)'], []],
  ['more included', ['one ON trips (a) INCLUDE (d)', 'two ON trips (a, b)'], []],
  ['included in the other too', ['one ON trips (a) INCLUDE (d)', 'two ON trips (a, b) INCLUDE (d)'], ['one']],
  ['another method', ['one ON trips USING hash (a)', 'two ON trips (a, b)'], []],
];

describeOn(['postgres', 'pglite'], (database) => {
  let dataSource: DataSource;
  let session: SqlSession;
  let explainer: PostgresExplainer;

  beforeAll(async () => {
    dataSource = await database.open({ entities: shopEntities });
    ({ explainer, session } = await openExplainer(dataSource));
  });

  afterAll(() => session.close());

  async function tableWith(indexes: readonly string[], ...more: readonly string[]): Promise<TableFacts> {
    await dataSource.query('DROP TABLE IF EXISTS stops, trips');
    await dataSource.query(TABLE);
    for (const index of indexes) {
      const [, unique = '', rest = ''] = /^(UNIQUE )?(.*)$/.exec(index) ?? [];
      await dataSource.query(`CREATE ${unique}INDEX ${rest}`);
    }
    for (const statement of more) await dataSource.query(statement).catch(() => undefined);
    const [facts] = await explainer.facts([{ name: 'trips' }]);
    return facts!;
  }

  const found = (facts: TableFacts, at = later, unusedIndexBytes = Infinity) =>
    existingIndexFindings(
      facts,
      'default',
      { ...DEFAULT_THRESHOLDS, unusedIndexBytes },
      { database: 'postgres', at },
    ).map(({ finding }) => finding);

  const names = (facts: TableFacts, at?: number, bytes?: number) =>
    found(facts, at, bytes).map(({ evidence }) => evidence.facts['index']);

  it.each(CASES)('redundant-index: %s', async (_name, indexes, expected) => {
    const findings = found(await tableWith(indexes));
    expect(findings.map(({ evidence }) => evidence.facts['index'])).toEqual(expected);
    expect(findings.every(({ kind }) => kind === 'redundant-index')).toBe(true);
  });

  it("is silent about TypeORM's own tables, whose indexes it would make again", async () => {
    const { tableName } = dataSource.getMetadata('product_tags_tag');
    const [facts] = await explainer.facts([{ name: tableName }]);
    const context = { database: 'postgres', at: later } as const;
    const judged = (schema?: SchemaModel) =>
      existingIndexFindings(facts!, 'default', DEFAULT_THRESHOLDS, {
        ...context,
        ...(schema && { schema }),
      }).map(({ finding }) => finding.kind);
    expect(judged()).toEqual(['redundant-index']);
    expect(judged(schemaModel(dataSource, 'default'))).toEqual([]);
  });

  it('leaves an index alone that the table is identified or ordered by', async () => {
    const indexes = ['one ON trips (a)', 'two ON trips (a, b)'];
    expect(names(await tableWith(indexes, 'CLUSTER trips USING one'))).toEqual([]);
  });

  it('writes the migration that drops it, and takes that back', async () => {
    const facts = await tableWith([
      'one ON trips (a DESC) WHERE b > 0',
      'two ON trips (a DESC, b) WHERE b > 0',
    ]);
    const [finding] = found(facts);
    const code = finding?.advice.code ?? '';
    expect(code).toContain('DROP INDEX CONCURRENTLY "public"."one"');
    await runMigration(dataSource, code, 'up');
    expect((await explainer.facts([{ name: 'trips' }]))[0]?.indexes.map(({ name }) => name)).not.toContain(
      'one',
    );
    await runMigration(dataSource, code, 'down');
    const [again] = await explainer.facts([{ name: 'trips' }]);
    expect(again?.indexes.find(({ name }) => name === 'one')?.definition).toBe(
      facts.indexes.find(({ name }) => name === 'one')?.definition,
    );
  });

  it('finds an index that no statement used, once the database has counted for a week', async () => {
    const facts = await tableWith(['one ON trips (a)', 'UNIQUE two ON trips (b)']);
    expect(facts.scansSince).toBeGreaterThan(0);
    const [finding, ...others] = found(facts, later, 1);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ kind: 'unused-index', relation: 'trips.one' });
    expect(finding?.evidence.text).toMatch(/since \d{4}-\d\d-\d\d.*replicas/);
    expect(names(facts, facts.scansSince! + 6 * DAY_MS, 1)).toEqual([]);
    expect(names({ ...facts, scansSince: undefined }, later, 1)).toEqual([]);
    expect(names(facts, later, 10_000_000)).toEqual([]);
  });

  it('is silent about an index that was scanned, and one that a foreign key needs', async () => {
    const facts = await tableWith(
      ['one ON trips (a)', 'two ON trips (b)'],
      'CREATE TABLE stops (id int PRIMARY KEY)',
      'ALTER TABLE trips ADD FOREIGN KEY (b) REFERENCES stops',
    );
    const used = facts.indexes.map((index) => (index.name === 'one' ? { ...index, scans: 1 } : index));
    expect(names({ ...facts, indexes: used }, later, 1)).toEqual([]);
    expect(facts.foreignKeys).toEqual([{ columns: ['b'], references: { schema: 'public', name: 'stops' } }]);
  });

  it('finds an index that was never finished', async () => {
    const facts = await tableWith(
      [],
      'INSERT INTO trips SELECT n, 7, n FROM generate_series(1, 10) n',
      'CREATE UNIQUE INDEX CONCURRENTLY one ON trips (a)',
    );
    const [finding, ...others] = found(facts);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ kind: 'unused-index', severity: 'warning' });
    expect(finding?.title).toBe('one on trips (a) is invalid: no statement can use it');
    expect(finding?.advice.code).toContain('REINDEX INDEX CONCURRENTLY "public"."one"');
  });

  it('drops an invalid index that has a valid twin, or that a REINDEX left behind', async () => {
    const facts = await tableWith(['one ON trips (a)', 'two ON trips (a)', 'three_ccnew ON trips (b)']);
    const isBroken = { isValid: false, isBroken: true };
    const indexes = facts.indexes.map((index) =>
      index.isPrimary || index.name === 'two' ? index : { ...index, ...isBroken },
    );
    const findings = found({ ...facts, indexes });
    expect(findings.map(({ advice }) => advice.code?.includes('`DROP INDEX'))).toEqual([true, true]);
    expect(findings.map(({ advice }) => advice.text)).toEqual([
      'Drop it: there is a valid one like it.',
      'Drop it: a REINDEX left it behind.',
    ]);
  });

  it('has no word about indexes of partitions', async () => {
    await tableWith([]);
    for (const statement of [
      'DROP TABLE IF EXISTS events',
      'CREATE TABLE events (id int, a int, b int) PARTITION BY RANGE (id)',
      'CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (1) TO (1000)',
      'CREATE INDEX e_a ON events (a)',
      'CREATE INDEX e_a_b ON events (a, b)',
    ])
      await dataSource.query(statement);
    const [whole, part] = [...(await explainer.facts([{ name: 'events' }, { name: 'events_1' }]))].sort(
      (x, y) => (x.table.name < y.table.name ? -1 : 1),
    );
    expect(names(part!, later, 0)).toEqual([]);
    const [finding] = found(whole!);
    const code = finding?.advice.code ?? '';
    expect(code).toContain('`DROP INDEX "public"."e_a"`');
    await runMigration(dataSource, code, 'up');
    await runMigration(dataSource, code, 'down');
    const again = await explainer.facts([{ name: 'events' }]);
    expect(again[0]?.indexes.find(({ name }) => name === 'e_a')).toEqual(
      whole?.indexes.find(({ name }) => name === 'e_a'),
    );
  });
});
