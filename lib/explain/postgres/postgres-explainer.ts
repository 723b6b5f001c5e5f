import type { Explained, ExplainableStatement, Explainer, Trial } from '../../investigation/explainer.js';
import type { IndexDefinition, TableName } from '../../investigation/index-definition.js';
import type { IndexNeed } from '../../investigation/index-need.js';
import type { PlannedValues, QueryPlan } from '../../investigation/query-plan.js';
import { postgresNeeds } from '../../investigation/postgres/index-needs.js';
import { nodesOf, rawPlanOf, type RawPlan } from '../../investigation/postgres/raw-plan.js';
import { readPostgresPlan, tablesOf } from '../../investigation/postgres/read-plan.js';
import type { TableFacts } from '../../investigation/table-facts.js';
import type { SendQuery, SqlSession } from '../../investigation/sql-session.js';
import { PARTITIONS_QUERY } from './facts-query.js';
import { parameterCount } from '../placeholders.js';
import { readPostgresFacts } from './read-facts.js';
import { BuiltIndexes, HypotheticalIndexes, type TriedIndexes } from './tried-indexes.js';

/** What is allowed on a PostgreSQL connection. */
export interface PostgresExplainerOptions {
  readonly statementTimeoutMs: number;
  /** Run the statement to see its real rows and times, where its values are known. */
  readonly analyze: boolean;
  /** Build indexes in transactions that are rolled back, where HypoPG is not installed. */
  readonly trialIndexes: boolean;
}

const VERSION_QUERY = `SELECT current_setting('server_version_num') AS number, current_setting('server_version') AS version,
  EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'hypopg') AS hypopg`;
const PREPARED = 'query_lens_plan';
/** PostgreSQL that plans an open parameter itself. */
const GENERIC_PLAN_VERSION = 160_000;

/**
 * Explains on a connection of its own. Each explanation is one transaction that is rolled back, read-only unless an index
 * is built in it, with a limit on its time and on its wait for locks.
 */
export class PostgresExplainer implements Explainer {
  readonly database = 'postgres';
  readonly untried =
    'install the HypoPG extension, or set investigate.trialIndexes where tables may be locked for a moment.';
  private readonly rowsOf = new Map<string, number>();

  private constructor(
    private readonly session: SqlSession,
    private readonly versionNumber: number,
    private readonly version: string,
    private readonly options: PostgresExplainerOptions,
    private readonly indexes: TriedIndexes | undefined,
  ) {}

  /** Tries indexes with `tried`, or else as the server and the options allow. */
  static async open(
    session: SqlSession,
    options: PostgresExplainerOptions,
    tried?: TriedIndexes,
  ): Promise<PostgresExplainer> {
    const [row] = await session.use((query) => query(VERSION_QUERY));
    const version = String(row?.['version']).split(' ')[0] ?? '';
    const own = row?.['hypopg'] === true ? new HypotheticalIndexes() : undefined;
    const indexes = tried ?? own ?? (options.trialIndexes ? new BuiltIndexes() : undefined);
    return new PostgresExplainer(session, Number(row?.['number']), version, options, indexes);
  }

  get trial(): Trial | undefined {
    return this.indexes?.trial;
  }

  async facts(tables: readonly TableName[]): Promise<readonly TableFacts[]> {
    return this.transaction('READ ONLY', (query) => this.readFacts(query, tables));
  }

  async explain(
    statement: ExplainableStatement,
    indexes: readonly IndexDefinition[] = [],
  ): Promise<Explained> {
    const isWriting = indexes.length > 0 && this.indexes?.isWriting === true;
    return this.transaction(isWriting ? 'READ WRITE' : 'READ ONLY', async (query) => {
      const tried = (await this.indexes?.create(query, indexes)) ?? [];
      const { raw, values } = await this.rawPlan(query, statement, indexes.length > 0);
      await this.learnRows(query, raw);
      const roots = await this.partitionRoots(query, raw);
      const used = new Set([...nodesOf(raw)].map((node) => node['Index Name']));
      return {
        plan: this.planOf(raw, values, statement.text),
        tables: merged(tablesOf(raw).map((table) => roots.get(tableKey(table)) ?? table)),
        needs: postgresNeeds(raw).map((need) => rooted(need, roots)),
        tried: tried.map(({ names, ...rest }) => ({ ...rest, isUsed: names.some((name) => used.has(name)) })),
      };
    });
  }

  private planOf(raw: RawPlan, values: PlannedValues, statement: string): QueryPlan {
    const tableRows = (schema: string | undefined, name: string): number | undefined =>
      this.rowsOf.get(tableKey(schema === undefined ? { name } : { schema, name }));
    return readPostgresPlan(raw, { version: this.version, values, statement, tableRows });
  }

  private async rawPlan(
    query: SendQuery,
    { text, values }: ExplainableStatement,
    isTrial: boolean,
  ): Promise<{ raw: RawPlan; values: PlannedValues }> {
    const count = parameterCount(text);
    const canRun = count === 0 || values !== undefined;
    const run = this.options.analyze && canRun && !isTrial ? ', ANALYZE, BUFFERS' : '';
    const explain = `EXPLAIN (FORMAT JSON, VERBOSE${run})`;
    if (count === 0) return { raw: await answer(query, `${explain} ${text}`), values: 'literals' };
    if (values !== undefined && values.length >= count)
      return { raw: await answer(query, `${explain} ${text}`, values), values: 'slowest-call' };
    return { raw: await this.genericPlan(query, text, count), values: 'generic' };
  }

  private async genericPlan(query: SendQuery, text: string, count: number): Promise<RawPlan> {
    if (this.versionNumber >= GENERIC_PLAN_VERSION)
      return answer(query, `EXPLAIN (FORMAT JSON, VERBOSE, GENERIC_PLAN) ${text}`);
    await query(`SET LOCAL plan_cache_mode = force_generic_plan`);
    await query(`PREPARE ${PREPARED} AS ${text}`);
    try {
      const nothing = Array.from({ length: count }, () => 'NULL').join(', ');
      return await answer(query, `EXPLAIN (FORMAT JSON, VERBOSE) EXECUTE ${PREPARED} (${nothing})`);
    } finally {
      // A prepared statement outlives its transaction. Where that failed it goes with the connection.
      await query(`DEALLOCATE ${PREPARED}`).catch(() => undefined);
    }
  }

  private transaction<T>(
    mode: 'READ ONLY' | 'READ WRITE',
    work: (query: SendQuery) => Promise<T>,
  ): Promise<T> {
    const timeout = Math.max(1, Math.round(this.options.statementTimeoutMs));
    return this.session.use(async (query) => {
      await query(`BEGIN TRANSACTION ${mode}`);
      try {
        await query(`SET LOCAL statement_timeout = ${timeout}`);
        await query(`SET LOCAL lock_timeout = ${timeout}`);
        return await work(query);
      } finally {
        await query('ROLLBACK');
        await this.indexes?.forget(query);
      }
    });
  }

  private async learnRows(query: SendQuery, raw: RawPlan): Promise<void> {
    const unknown = tablesOf(raw).filter((table) => !this.rowsOf.has(tableKey(table)));
    if (unknown.length > 0) await this.readFacts(query, unknown);
  }

  private async readFacts(query: SendQuery, tables: readonly TableName[]): Promise<readonly TableFacts[]> {
    const facts = await readPostgresFacts(query, tables);
    for (const { table, rows } of facts) this.rowsOf.set(tableKey(table), rows);
    return facts;
  }

  /** A table that is split into partitions is meant where a plan reads one of them. */
  private async partitionRoots(query: SendQuery, raw: RawPlan): Promise<ReadonlyMap<string, TableName>> {
    const rows = await query(PARTITIONS_QUERY, [tablesOf(raw).map(tableKey)]);
    return new Map(
      rows.map(({ part, schema, name }) => [String(part), { schema: String(schema), name: String(name) }]),
    );
  }
}

async function answer(query: SendQuery, text: string, values?: readonly unknown[]): Promise<RawPlan> {
  const [row] = await query(text, values);
  return rawPlanOf(row?.['QUERY PLAN']);
}

function rooted(need: IndexNeed, roots: ReadonlyMap<string, TableName>): IndexNeed {
  const root = roots.get(tableKey(need.table));
  return root === undefined ? need : { ...need, table: root };
}

function tableKey({ schema, name }: TableName): string {
  return schema === undefined ? name : `${schema}.${name}`;
}

function merged(tables: readonly TableName[]): readonly TableName[] {
  return [...new Map(tables.map((table) => [tableKey(table), table])).values()];
}
