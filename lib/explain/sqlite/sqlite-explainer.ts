import type { Explained, ExplainableStatement, Explainer, Trial } from '../../investigation/explainer.js';
import { UNITED } from '../../investigation/reasons.js';
import type { IndexDefinition, TableName } from '../../investigation/index-definition.js';
import { planStep, type PlanRow } from '../../investigation/sqlite/plan-row.js';
import { readSqlitePlan } from '../../investigation/sqlite/read-plan.js';
import type { SessionRow, SqlSession } from '../../investigation/sql-session.js';
import { statementUses, type TableUse, type ViewColumns } from '../../investigation/statement-needs.js';
import { factsOf, type TableFacts } from '../../investigation/table-facts.js';
import { viewColumns } from '../../investigation/view-columns.js';
import { readSearch } from '../../sql/read-search.js';
import { distinctValues } from '../distinct-values.js';
import { CopyTrial, type CopiedIndex } from './copy-trial.js';
import { parameterCount } from '../placeholders.js';
import { indexRows, readSqliteCatalog, readSqliteFacts, type SqliteCatalog } from './read-catalog.js';
import { sampleRows } from './sample-rows.js';
import { copySchema } from './schema-copy.js';

const DIALECT = 'standard';

/**
 * Explains in an empty copy of the schema with the real statistics. Of the application's database only the schema, the
 * statistics, and, of columns that are searched without an index, some hundred values are read.
 */
export class SqliteExplainer implements Explainer {
  readonly database = 'sqlite';
  readonly untried = 'set investigate.trialIndexes, which tries indexes in an empty copy of the schema.';
  /** By table and column. */
  private readonly distinct = new Map<string, number | undefined>();

  private constructor(
    private readonly session: SqlSession,
    private readonly copy: SqlSession,
    private readonly catalog: SqliteCatalog,
    private readonly tables: readonly TableFacts[],
    private readonly views: ReadonlyMap<string, ViewColumns>,
    private readonly tried: CopyTrial | undefined,
  ) {}

  /** Closing is up to the owners of the sessions. */
  static async open(
    session: SqlSession,
    copy: SqlSession,
    { trialIndexes }: { readonly trialIndexes: boolean },
  ): Promise<SqliteExplainer> {
    const catalog = await session.use(readSqliteCatalog);
    await copySchema(copy, catalog);
    const names = catalog.entries.flatMap(({ type, name }) => (type === 'table' ? { name } : []));
    const tables = await copy.use((query) => readSqliteFacts(query, catalog, names));
    const tried = trialIndexes ? new CopyTrial(session) : undefined;
    return new SqliteExplainer(session, copy, catalog, tables, viewsOf(catalog, tables), tried);
  }

  get trial(): Trial | undefined {
    return this.tried?.trial;
  }

  facts(tables: readonly TableName[]): Promise<readonly TableFacts[]> {
    return Promise.resolve(tables.flatMap((table) => factsOf(this.tables, { name: table.name }) ?? []));
  }

  async explain(
    { text, values }: ExplainableStatement,
    indexes: readonly IndexDefinition[] = [],
  ): Promise<Explained> {
    const search = readSearch(text, DIALECT);
    const uses = statementUses(search, this.tables, this.views);
    const count = parameterCount(text, DIALECT);
    const bound = Array.from({ length: count }, (_, n) => boundValue(values?.[n]));
    await this.countValues(uses);
    const { rows, tried } = await this.planWith(indexes, `EXPLAIN QUERY PLAN ${text}`, bound);
    const plan = readSqlitePlan(
      rows.map(({ id, parent, detail }): PlanRow => ({
        id: Number(id),
        parent: Number(parent),
        detail: String(detail),
      })),
      {
        version: this.catalog.version,
        values: count === 0 ? 'literals' : values === undefined ? 'generic' : 'slowest-call',
        statement: text,
        search,
        uses,
        indexRows: (index) =>
          tried.find(({ name }) => name === index)?.rows ?? indexRows(this.catalog, index),
        distinct: (table, column) => this.distinct.get(key(table, column)),
      },
    );
    const used = new Set(rows.map(({ detail }) => planStep(String(detail)).index));
    return {
      plan,
      tables: tablesOf(uses),
      needs: uses.map(({ need }) => need),
      ...(search.isCombined ? { whyNoNeeds: UNITED } : {}),
      tried: tried.map(({ name, bytes }) => ({ isUsed: used.has(name), bytes })),
    };
  }

  private planWith(
    indexes: readonly IndexDefinition[],
    text: string,
    bound: readonly unknown[],
  ): Promise<{ rows: readonly SessionRow[]; tried: readonly CopiedIndex[] }> {
    return this.copy.use(async (query) => {
      const { tried: trial } = this;
      if (trial === undefined || indexes.length === 0) return { rows: await query(text, bound), tried: [] };
      try {
        const tried = await trial.create(query, indexes, ({ table }) => factsOf(this.tables, table));
        return { rows: await query(text, bound), tried };
      } finally {
        await trial.forget(query, indexes);
      }
    });
  }

  /** How many values those columns have that conditions compare. */
  private async countValues(uses: readonly TableUse[]): Promise<void> {
    for (const { facts, need } of uses) {
      const { name } = facts.table;
      const unknown = need.equal.filter((column) => !this.distinct.has(key(name, column)));
      if (unknown.length === 0 || !facts.isAnalyzed) continue;
      // A table without rowid cannot be sampled: then nobody knows.
      const sample = await this.session.use((query) => sampleRows(query, name, unknown)).catch(() => []);
      for (const [n, column] of unknown.entries()) {
        const values = sample.map((row) => String(row[n]));
        this.distinct.set(key(name, column), distinctValues(values, facts.rows));
      }
    }
  }
}

function viewsOf(
  { entries }: SqliteCatalog,
  tables: readonly TableFacts[],
): ReadonlyMap<string, ViewColumns> {
  const columnsOf = (name: string): readonly string[] =>
    factsOf(tables, { name })?.columns.map((column) => column.name) ?? [];
  return new Map(
    entries.flatMap(({ type, name, sql = '' }) => {
      const select = /\bAS\s+(?=(?:SELECT|WITH)\b)(.*)$/isu.exec(sql)?.[1];
      if (type !== 'view' || select === undefined) return [];
      return [[name.toLowerCase(), viewColumns(select, DIALECT, columnsOf)]];
    }),
  );
}

function key(table: string, column: string): string {
  return `${table}\n${column}`;
}

function tablesOf(uses: readonly TableUse[]): readonly TableName[] {
  return [...new Map(uses.map(({ facts: { table } }) => [table.name, table])).values()];
}

/** Only patterns and NULL change a plan; a value that SQLite cannot hold counts as unknown. */
function boundValue(value: unknown): unknown {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' ? value : null;
}
