import { quotedTable } from '../investigation/index-definition.js';
import type { SendQuery, SessionRow, SqlSession } from '../investigation/sql-session.js';
import type { DataFiles } from './data-files.js';
import { indexPages } from './index-pages.js';
import type { ProductionStatistics, ProductionTable } from './production-statistics.js';
import { restoreColumns, restoreRelation, type RelationSize } from './restore-statements.js';
import { isPlain, shadowSchema } from './shadow-schema.js';

/** The part of PGlite that is used. */
export interface EmbeddedPostgres {
  query(sql: string, parameters?: unknown[]): Promise<{ readonly rows: readonly SessionRow[] }>;
  /** By the simple protocol, where `$1` needs no value. */
  exec(sql: string): Promise<readonly { readonly rows: readonly SessionRow[] }[]>;
  close(): Promise<void>;
}

/** What of production could not be rebuilt, and why. */
export interface NotRebuilt {
  readonly subject: string;
  /** `schema.table` that cannot be judged because of it. */
  readonly table?: string;
  readonly reason: string;
}

/** The first release whose statistics can be restored. */
const FIRST_VERSION = 18;
/** What ten rows of nulls need. */
const OWN_PAGES = 1;
const UNKNOWN_WIDTH = 8;

/** An embedded PostgreSQL that holds none of production's rows and plans as if it held them all. */
export class ShadowDatabase implements SqlSession {
  private constructor(
    private readonly database: EmbeddedPostgres,
    private readonly files: DataFiles,
    readonly production: ProductionStatistics,
    readonly notRebuilt: readonly NotRebuilt[],
  ) {}

  /**
   * Rebuilds production's schema, sizes and statistics in an empty database, whose files are `files`. What cannot be
   * rebuilt is left out and told.
   *
   * @throws Error where the embedded PostgreSQL is older than 18
   */
  static async open(
    database: EmbeddedPostgres,
    files: DataFiles,
    production: ProductionStatistics,
  ): Promise<ShadowDatabase> {
    const { rows } = await database.query('SHOW server_version');
    const version = String(rows[0]?.['server_version']);
    if (!(Number.parseInt(version, 10) >= FIRST_VERSION))
      throw new Error(`the embedded PostgreSQL is ${version}: ${String(FIRST_VERSION)} or later is needed`);
    const notRebuilt = [...(await rebuild(database, production)), ...unlike(production)];
    await database.exec('CHECKPOINT');
    const shadow = new ShadowDatabase(database, files, production, notRebuilt);
    await shadow.set(production.settings);
    await shadow.enlarge(shadow.judgedTables());
    return shadow;
  }

  use<T>(work: (query: SendQuery) => Promise<T>): Promise<T> {
    return work(this.send);
  }

  close(): Promise<void> {
    return this.database.close();
  }

  /** Tables that were rebuilt and have one of the names. */
  tablesNamed(
    names: readonly { readonly schema?: string; readonly name: string }[],
  ): readonly ProductionTable[] {
    return this.judgedTables().filter((table) =>
      names.some(
        ({ schema, name }) => table.name === name && (schema === undefined || table.schema === schema),
      ),
    );
  }

  /** Gives tables the few pages they really have: whoever reads them whole reads no more. */
  async shrink(tables: readonly ProductionTable[]): Promise<void> {
    for (const { schema, name } of tables) await this.resize(schema, name, OWN_PAGES);
  }

  /** Gives tables and their indexes the size and the statistics that production has, or would have. */
  async enlarge(tables: readonly ProductionTable[]): Promise<void> {
    for (const table of tables) {
      const { schema, name } = table;
      await this.give(schema, name, { ...table, pages: Math.max(OWN_PAGES, table.pages) });
      for (const { sql, parameters } of restoreColumns(table)) await this.send(sql, parameters);
      for (const index of await this.indexesOf(table))
        await this.give(schema, index.name, await this.sizeOf(table, index));
    }
  }

  private readonly send: SendQuery = async (text, values) => {
    if (values !== undefined) return (await this.database.query(text, [...values])).rows;
    return (await this.database.exec(text)).at(-1)?.rows ?? [];
  };

  private async set(settings: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, value] of Object.entries(settings))
      // A setting that this version does not know has no effect here.
      await this.send('SELECT set_config($1, $2, false)', [name, value]).catch(() => undefined);
  }

  private judgedTables(): readonly ProductionTable[] {
    return this.production.tables.filter(
      (table) => isPlain(table) && !this.notRebuilt.some((missing) => missing.table === nameOf(table)),
    );
  }

  private async give(schema: string, name: string, size: RelationSize): Promise<void> {
    await this.resize(schema, name, size.pages);
    const { sql, parameters } = restoreRelation(schema, name, size);
    await this.send(sql, parameters);
  }

  private async resize(schema: string, name: string, pages: number): Promise<void> {
    const [row] = await this.send('SELECT pg_relation_filepath($1::regclass) AS path', [
      quotedTable({ schema, name }),
    ]);
    this.files.resize(String(row?.['path']), pages);
  }

  private async sizeOf(table: ProductionTable, index: ShadowIndex): Promise<RelationSize> {
    const known = table.indexes.find(({ name }) => name === index.name);
    if (known !== undefined && known.rows >= 0)
      return { rows: known.rows, pages: Math.max(index.pages, known.pages) };
    const rows = index.condition === null ? table.rows : await this.rowsThat(table, index.condition);
    const bytes = table.columns
      .filter(({ name }) => index.columns.includes(name))
      .reduce((sum, { statistics }) => sum + (statistics?.averageWidth ?? UNKNOWN_WIDTH), 0);
    return { rows, pages: Math.max(index.pages, indexPages(rows, bytes)) };
  }

  /** As many as the planner expects. */
  private async rowsThat({ schema, name }: ProductionTable, condition: string): Promise<number> {
    const [row] = await this.send(
      `EXPLAIN (FORMAT JSON) SELECT 1 FROM ${quotedTable({ schema, name })} WHERE ${condition}`,
    );
    return (row as { 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] })['QUERY PLAN'][0].Plan['Plan Rows'];
  }

  private async indexesOf({ schema, name }: ProductionTable): Promise<readonly ShadowIndex[]> {
    return (await this.send(INDEXES, [schema, name])) as unknown as readonly ShadowIndex[];
  }
}

interface ShadowIndex {
  readonly name: string;
  /** Its own pages: what the ten rows need. */
  readonly pages: number;
  /** Included ones too. */
  readonly columns: readonly string[];
  /** Of a partial index. */
  readonly condition: string | null;
}

const INDEXES = `
  SELECT c.relname AS name, greatest(1, c.relpages) AS pages, pg_get_expr(i.indpred, i.indrelid) AS condition,
    array(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attnum = ANY (i.indkey)) AS columns
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
  JOIN pg_namespace n ON n.oid = t.relnamespace
  WHERE n.nspname = $1 AND t.relname = $2`;

function nameOf({ schema, name }: ProductionTable): string {
  return `${schema}.${name}`;
}

async function rebuild(database: EmbeddedPostgres, production: ProductionStatistics): Promise<NotRebuilt[]> {
  const missing: NotRebuilt[] = [];
  for (const { subject, table, sql } of shadowSchema(production)) {
    if (table !== undefined && missing.some((other) => other.table === table)) continue;
    try {
      await database.exec(sql);
    } catch (error) {
      missing.push({ subject, ...(table && { table }), reason: (error as Error).message });
    }
  }
  return missing;
}

function unlike({ tables }: ProductionStatistics): readonly NotRebuilt[] {
  return tables
    .filter((table) => !isPlain(table))
    .map((table) => ({
      subject: `table ${nameOf(table)}`,
      table: nameOf(table),
      reason:
        table.kind === 'partitioned'
          ? 'it is partitioned, which the shadow does not rebuild'
          : 'it is a foreign table: another server plans it',
    }));
}
