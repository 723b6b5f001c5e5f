import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import type { Explainer } from '../../../lib/investigation/explainer.js';
import { indexCode } from '../../../lib/investigation/index-code.js';
import {
  indexText,
  type IndexDefinition,
  type TableName,
} from '../../../lib/investigation/index-definition.js';
import { judgeStatement } from '../../../lib/investigation/judge-statement.js';
import { factsOf, type TableFacts } from '../../../lib/investigation/table-facts.js';
import { describeOn, type TestDatabase } from '../../databases.js';
import { explainerOf } from './posts.js';
import { runMigration } from './run-migration.js';
import { installHypopg } from './rows.js';

// Whatever is advised, the server takes: every statement of every migration is run.

const at = Date.UTC(2026, 0, 1);

/** An application's table of 20,000 rows, by what is said of its columns and rows. */
const filled = (table: string, columns: string, row: string, rest = '') => [
  `CREATE TABLE ${table} (${columns}) ${rest}`,
  `INSERT INTO ${table} SELECT ${row} FROM generate_series(1, 20000) n`,
];

const LONG = 'a_table_whose_name_is_nearly_as_long_as_postgresql_allows_1';

const POSTGRES = [
  `CREATE SCHEMA "Sales ""Dept"""`,
  ...filled(`"Sales ""Dept"""."it's an order"`, `id int PRIMARY KEY, "user\`s \${id}" int`, 'n, n % 3000'),
  ...filled(
    `"Sales ""Dept"""."Events"`,
    'id int, at date, "userId" int, deleted_at date, payload text',
    `n, date '2026-01-01' + n % 360, n % 5000, CASE WHEN n % 100 > 0 THEN date '2026-01-01' END, repeat('x', 100)`,
    'PARTITION BY RANGE (at)',
  ).flatMap((statement, n) =>
    n === 0
      ? [
          statement,
          `CREATE TABLE "Sales ""Dept"""."Events '1'" PARTITION OF "Sales ""Dept"""."Events" FOR VALUES FROM ('2026-01-01') TO ('2026-07-01')`,
          `CREATE TABLE events_2 PARTITION OF "Sales ""Dept"""."Events" FOR VALUES FROM ('2026-07-01') TO ('2027-01-01') PARTITION BY HASH (id)`,
          'CREATE TABLE events_2a PARTITION OF events_2 FOR VALUES WITH (MODULUS 2, REMAINDER 0)',
          'CREATE TABLE events_2b PARTITION OF events_2 FOR VALUES WITH (MODULUS 2, REMAINDER 1)',
        ]
      : [statement],
  ),
  ...filled(
    'plain',
    'id int PRIMARY KEY, a int, b int, c timestamptz, d text',
    `n, n % 700, n, CASE WHEN n % 100 > 0 THEN now() END, 'd' || n`,
  ),
  `CREATE MATERIALIZED VIEW summed AS SELECT id, b % 3000 AS thing, d FROM plain`,
  `CREATE VIEW seen AS SELECT id, b AS number FROM plain`,
  `CREATE INDEX "IDX_plain_b" ON plain USING hash (c)`,
  ...filled(LONG, 'id int PRIMARY KEY, user_id int, blog_id int', 'n, n % 3000, n % 2999'),
  `CREATE TYPE mood AS ENUM ('good', 'bad')`,
  `CREATE DOMAIN code AS varchar(20)`,
  `CREATE DOMAIN document AS json`,
  ...filled(
    'kinds',
    'id int PRIMARY KEY, mood mood, code code, document document, tx xid, body text, shape point',
    `n, (CASE n WHEN 1 THEN 'good' ELSE 'bad' END)::mood, 'c' || n, '{}', (n::text)::xid, repeat(md5(n::text), 30), point(n, n)`,
  ),
  'ANALYZE',
];

const COLUMNS =
  'id int PRIMARY KEY, user_id int, blog_id int, title varchar(60), wide varchar(3000), half varchar(400), third varchar(400), quarter varchar(400)';

/** For MySQL and SQLite, in statements of some hundred rows. */
const elsewhere = (quote: (name: string) => string): readonly string[] => [
  `CREATE TABLE ${quote(`it's"an"order`)} (${COLUMNS})`,
  ...Array.from({ length: 16 }, (_, block) => {
    const rows = Array.from({ length: 500 }, (_, at) => {
      const n = block * 500 + at + 1;
      return `(${n}, ${n % 1_500}, ${n % 1_499}, 'title ${n}', 'wide ${n}', 'h${n % 90}', 't${n % 89}', 'q${n % 83}')`;
    });
    return `INSERT INTO ${quote(`it's"an"order`)} VALUES ${rows.join(', ')}`;
  }),
  `CREATE VIEW seen AS SELECT id, user_id AS number FROM ${quote(`it's"an"order`)}`,
];

/** Of four columns. */
const formsOf = (
  table: TableName,
  [one = '', two = '', three = '', four = '']: readonly string[],
): readonly IndexDefinition[] => [
  { table, columns: [{ column: one }, { column: two, isDescending: true }, { column: three }] },
  { table, columns: [{ column: one }], include: [two, three] },
  { table, columns: [{ column: two }], where: `"${four}" IS NULL` },
  { table, columns: [{ column: two }], include: [one], where: `"${four}" IS NOT NULL` },
];

type Case = readonly [string, string, string | RegExp];

interface Cases {
  readonly advised: readonly Case[];
  readonly refused: readonly Case[];
  /** Indexes that some statement may be advised, whether or not one of these is. */
  readonly forms?: readonly IndexDefinition[];
}

function suite(
  database: TestDatabase,
  setUp: readonly string[],
  { advised, refused, forms = [] }: Cases,
): void {
  let dataSource: DataSource;
  let explainer: Explainer;
  let close: () => Promise<void>;

  beforeAll(async () => {
    dataSource = await database.open();
    if (database.dialect === 'postgres') await installHypopg(dataSource);
    for (const statement of setUp) await dataSource.query(statement);
    await look();
  });

  /** What is known of a SQLite schema is as old as the explainer. */
  async function look(): Promise<void> {
    ({ explainer, close } = await explainerOf(dataSource, { trialIndexes: true }));
  }

  async function lookAgain(): Promise<void> {
    if (database.dialect !== 'sqlite') return;
    await close();
    await look();
  }

  afterAll(() => close());

  it.each(advised)(
    'the server takes what is advised for %s, and the drop of it',
    async (_name, text, expected) => {
      const { indexes, facts, whyNot } = await judgeStatement(explainer, { text });
      expect(whyNot ?? indexes.map(indexText).join(' + ')).toEqual(
        expect.stringMatching(expected instanceof RegExp ? expected : exactly(expected)),
      );
      await addAndDrop(indexes[0]!, facts, async () => {
        const again = await judgeStatement(explainer, { text });
        expect(again.indexes.map(indexText)).not.toContain(indexText(indexes[0]!));
      });
    },
  );

  if (forms.length > 0)
    it('the server takes every form that an index has', async () => {
      for (const index of forms) await addAndDrop(index, await explainer.facts([index.table]));
    });

  async function addAndDrop(
    index: IndexDefinition,
    facts: readonly TableFacts[],
    meanwhile?: () => Promise<void>,
  ): Promise<void> {
    const code = indexCode(index, factsOf(facts, index.table), { database: explainer.database, at });
    const names = async () =>
      (await explainer.facts([index.table]))[0]?.indexes
        .filter(({ isValid }) => isValid)
        .map(({ name }) => name) ?? [];
    const before = await names();
    await runMigration(dataSource, code, 'up');
    await lookAgain();
    expect(await names()).toHaveLength(before.length + 1);
    await meanwhile?.();
    await runMigration(dataSource, code, 'down');
    await lookAgain();
    expect(await names()).toEqual(before);
  }

  it.each(refused)('advises nothing for %s', async (_name, text, reason) => {
    const { indexes, whyNot } = await judgeStatement(explainer, { text });
    expect(indexes.map(indexText)).toEqual([]);
    expect(whyNot).toMatch(reason);
  });
}

describeOn(['postgres', 'pglite'], (database) => {
  suite(database, POSTGRES, {
    forms: [
      ...formsOf({ schema: 'Sales "Dept"', name: 'Events' }, ['id', 'userId', 'at', 'deleted_at']),
      ...formsOf({ schema: 'public', name: 'plain' }, ['a', 'b', 'd', 'c']),
      ...formsOf({ schema: 'public', name: 'summed' }, ['id', 'thing', 'd', 'd']),
    ],
    advised: [
      [
        'a table in a schema, both with names that need quotes',
        `SELECT * FROM "Sales ""Dept"""."it's an order" WHERE "user\`s \${id}" = 7`,
        "it's an order (user`s ${id})",
      ],
      [
        'a partitioned table',
        `SELECT * FROM "Sales ""Dept"""."Events" WHERE "userId" = 3`,
        'Events (userId)',
      ],
      [
        'a partitioned table of which one partition is read',
        `SELECT * FROM "Sales ""Dept"""."Events" WHERE "userId" = 3 AND at = '2026-02-01'`,
        /^Events \(/,
      ],
      ['a materialized view', 'SELECT * FROM summed WHERE thing = 3', 'summed (thing)'],
      ['a view', 'SELECT * FROM seen WHERE number = 3', 'plain (b)'],
      ['a mixed order', 'SELECT * FROM plain ORDER BY a DESC, b LIMIT 5', 'plain (a DESC, b)'],
      ['a table with an index of that name', 'SELECT * FROM plain WHERE b = 3', 'plain (b)'],
      ['a table with a long name', `SELECT * FROM ${LONG} WHERE user_id = 3`, `${LONG} (user_id)`],
      ['an enum', `SELECT * FROM kinds WHERE mood = 'good'`, 'kinds (mood)'],
      ['a domain', `SELECT * FROM kinds WHERE code = 'c5'`, 'kinds (code)'],
    ],
    refused: [
      ['a domain over json', `SELECT * FROM kinds WHERE document::text = '{}'`, /./],
      ['a type that cannot be sorted', `SELECT * FROM kinds WHERE tx = '5'::xid`, /tx is xid/],
      [
        'texts longer than an index takes',
        `SELECT * FROM kinds WHERE body = 'x'`,
        /body is text of \S+ bytes/,
      ],
      ['geometry', `SELECT * FROM kinds WHERE shape ~= point(1, 1)`, /./],
      ['an expression', `SELECT * FROM plain WHERE lower(d) = 'd5'`, /./],
      ['a hidden column', `SELECT * FROM plain WHERE xmin = '5'::xid`, /./],
      [
        `the server's own tables`,
        `SELECT * FROM pg_catalog.pg_attribute WHERE attacl IS NOT NULL AND attlen = 77`,
        /./,
      ],
    ],
  });
});

describeOn(['postgres'], (database) => {
  suite(
    database,
    [
      'CREATE EXTENSION postgres_fdw',
      `CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw`,
      ...filled(
        'near',
        'id int, at date, user_id int',
        `n, date '2026-01-01' + n % 180, n % 5000`,
        'PARTITION BY RANGE (at)',
      ).flatMap((statement, n) =>
        n === 0
          ? [
              statement,
              `CREATE TABLE near_1 PARTITION OF near FOR VALUES FROM ('2026-01-01') TO ('2026-07-01')`,
              `CREATE FOREIGN TABLE far_2 PARTITION OF near FOR VALUES FROM ('2026-07-01') TO ('2027-01-01') SERVER far`,
            ]
          : [statement],
      ),
      'CREATE USER MAPPING FOR CURRENT_USER SERVER far',
      'ANALYZE near_1',
    ],
    {
      advised: [
        [
          'partitions of which one is far',
          `SELECT * FROM near WHERE user_id = 3 AND at < '2026-05-01'`,
          /^near \(user_id/,
        ],
      ],
      refused: [['a foreign table', 'SELECT * FROM far_2 WHERE user_id = 3', /./]],
    },
  );
});

describeOn(['pglite'], (database) => {
  suite(
    database,
    [
      ...filled(
        'computed',
        'id int PRIMARY KEY, a int, b int GENERATED ALWAYS AS (a * 2) VIRTUAL',
        'n, n % 3000',
      ),
      'ANALYZE',
    ],
    {
      advised: [['its source', 'SELECT * FROM computed WHERE a = 6', 'computed (a)']],
      refused: [['a virtual column', 'SELECT * FROM computed WHERE b = 6', /./]],
    },
  );
});

const ELSEWHERE: readonly Case[] = [
  ['an equality', `SELECT * FROM {table} WHERE user_id = 7`, `it's"an"order (user_id)`],
  ['a view', `SELECT * FROM seen WHERE number = 7`, `it's"an"order (user_id)`],
];

const named = (cases: readonly Case[], table: string): readonly Case[] =>
  cases.map(([name, text, expected]) => [name, text.replace('{table}', table), expected]);

describeOn(['mysql'], (database) => {
  const table = '`it\'s"an"order`';
  suite(database, [...elsewhere((name) => `\`${name}\``), `ANALYZE TABLE ${table}`], {
    advised: named(
      [
        ...ELSEWHERE.slice(0, 1),
        [
          'columns that fit into an index together',
          `SELECT * FROM {table} WHERE half = 'h1' AND third = 't1' AND quarter = 'q1'`,
          /half|third|quarter/,
        ],
      ],
      table,
    ),
    refused: named(
      [
        [
          'a text longer than an index takes',
          `SELECT * FROM {table} WHERE wide = 'wide 7'`,
          /wide is varchar\(3000\)/,
        ],
      ],
      table,
    ),
  });
});

describeOn(['sqljs', 'better-sqlite3'], (database) => {
  const table = `"it's""an""order"`;
  const columns = ['user_id', 'blog_id', 'title', 'half'];
  const forms = formsOf({ name: `it's"an"order` }, columns).filter(({ include }) => include === undefined);
  suite(database, [...elsewhere((name) => `"${name.replaceAll('"', '""')}"`), 'ANALYZE'], {
    forms,
    advised: named(ELSEWHERE, table),
    refused: named([['an expression', `SELECT * FROM {table} WHERE lower(title) = 'title 7'`, /./]], table),
  });
});

function exactly(text: string): RegExp {
  return new RegExp(`^${text.replace(/[()+$^*?.{}[\]|\\]/g, '\\$&')}$`);
}
