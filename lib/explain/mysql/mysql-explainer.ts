import {
  TrialRefused,
  type Explained,
  type ExplainableStatement,
  type Explainer,
  type Trial,
} from '../../investigation/explainer.js';
import { UNITED } from '../../investigation/reasons.js';
import type { IndexDefinition, TableName } from '../../investigation/index-definition.js';
import { mysqlBlockOf, tablesIn, withoutCost, type RawBlock } from '../../investigation/mysql/raw-plan.js';
import { readMysqlPlan } from '../../investigation/mysql/read-plan.js';
import type { PlannedValues } from '../../investigation/query-plan.js';
import { rowsAskedFor } from '../../investigation/rows-asked-for.js';
import type { SendQuery, SqlSession } from '../../investigation/sql-session.js';
import type { TableUse } from '../../investigation/statement-needs.js';
import type { TableFacts } from '../../investigation/table-facts.js';
import { isSameName } from '../../sql/is-same-name.js';
import { readSearch, type Search } from '../../sql/read-search.js';
import { distinctValues } from '../distinct-values.js';
import { parameterCount } from '../placeholders.js';
import { withIndexScans } from './index-scans.js';
import { readMysqlFacts } from './read-catalog.js';
import { sampleRows } from './sample-rows.js';
import { sampledValues } from './sampled-values.js';
import { StatementTables } from './statement-tables.js';
import { nameOf, TableCopies } from './table-copies.js';

/** What is allowed on a connection to MySQL or MariaDB. */
export interface MysqlExplainerOptions {
  readonly statementTimeoutMs: number;
  /** MariaDB: run the statement to see its real rows and times, where its values are known. */
  readonly analyze: boolean;
  /** Copy tables into temporary ones, to build indexes there. */
  readonly trialIndexes: boolean;
}

const DIALECT = 'mysql';

/**
 * Explains on a connection of its own, in transactions that are read-only and rolled back, with a limit on the time of a
 * statement and on the wait for locks.
 */
export class MysqlExplainer implements Explainer {
  readonly untried = 'set investigate.trialIndexes, which tries indexes on temporary copies of the tables.';
  /** Values of columns in some rows, by table and column. */
  private readonly samples = new Map<string, readonly unknown[]>();
  private readonly tables = new StatementTables();

  private constructor(
    private readonly session: SqlSession,
    readonly database: 'mysql' | 'mariadb',
    private readonly version: string,
    private readonly options: MysqlExplainerOptions,
    private readonly copies: TableCopies | undefined,
  ) {}

  /** Sets the limits of the session. */
  static async open(session: SqlSession, options: MysqlExplainerOptions): Promise<MysqlExplainer> {
    return session.use(async (query) => {
      const [row] = await query('SELECT VERSION() AS version');
      const text = String(row?.['version']);
      const database = /mariadb/iu.test(text) ? 'mariadb' : 'mysql';
      const seconds = Math.max(0.001, options.statementTimeoutMs / 1_000);
      if (database === 'mariadb') await query(`SET SESSION max_statement_time = ${seconds}`);
      else {
        await query(`SET SESSION max_execution_time = ${Math.ceil(seconds * 1_000)}`);
        // Row counts a day old are worse than none.
        await query('SET SESSION information_schema_stats_expiry = 0').catch(() => undefined);
        // From 8.3 there is another notation, from 9 by default.
        await query('SET SESSION explain_json_format_version = 1').catch(() => undefined);
      }
      await query(`SET SESSION lock_wait_timeout = ${Math.ceil(seconds)}`);
      await query(`SET SESSION innodb_lock_wait_timeout = ${Math.ceil(seconds)}`);
      return new MysqlExplainer(
        session,
        database,
        text.split('-')[0] ?? text,
        options,
        options.trialIndexes ? new TableCopies() : undefined,
      );
    });
  }

  facts(tables: readonly TableName[]): Promise<readonly TableFacts[]> {
    return this.session.use((query) =>
      readOnly(query, async () => withIndexScans(query, await readMysqlFacts(query, tables))),
    );
  }

  get trial(): Trial | undefined {
    return this.copies?.trial;
  }

  async explain(
    statement: ExplainableStatement,
    indexes: readonly IndexDefinition[] = [],
  ): Promise<Explained> {
    return this.session.use(async (query) => {
      const asked = await readOnly(query, () => this.prepare(query, statement));
      const plan = (): Promise<RawPlan> => readOnly(query, () => this.plan(query, statement.text, asked));
      if (this.copies === undefined || indexes.length === 0) return this.explained(asked, await plan(), []);
      const factsOf = ({ table }: IndexDefinition): TableFacts | undefined => tableBehind(asked, table);
      return this.explained(asked, await this.copies.with(query, indexes, factsOf, plan), indexes);
    });
  }

  private async prepare(query: SendQuery, { text, values }: ExplainableStatement): Promise<Asked> {
    const search = readSearch(text, DIALECT);
    const uses = await this.tables.usesOf(query, search);
    await this.sample(query, uses);
    const count = parameterCount(text, DIALECT);
    const asked = { text, search, uses };
    if (count === 0) return { ...asked, values: [], planned: 'literals' };
    if (values !== undefined && values.length >= count) return { ...asked, values, planned: 'slowest-call' };
    const sample = (table: string, column: string): readonly unknown[] =>
      this.samples.get(key(table, column)) ?? [];
    return { ...asked, values: sampledValues(count, uses, search, sample), planned: 'sampled' };
  }

  private explained(
    { text, search, uses, planned }: Asked,
    { raw, cost }: RawPlan,
    indexes: readonly IndexDefinition[],
  ): Explained {
    const { database, version } = this;
    const used = new Set([...tablesIn(raw)].map((table) => JSON.stringify(table.key ?? '')));
    return {
      plan: readMysqlPlan(raw, {
        database,
        version,
        values: planned,
        statement: text,
        search,
        uses,
        distinct: (table, column) => {
          const rows = uses.find(({ facts }) => facts.table.name === table)?.facts.rows ?? 0;
          return distinctValues((this.samples.get(key(table, column)) ?? []).map(String), rows);
        },
        ...(cost === undefined ? {} : { cost }),
      }),
      tables: [...new Map(uses.map(({ facts: { table } }) => [table.name, table])).values()],
      needs: uses.map(({ need }) => need),
      ...(search.isCombined ? { whyNoNeeds: UNITED } : {}),
      tried: [...indexes.keys()].map((at) => ({
        isUsed: [...used].some((keys) => keys.includes(nameOf(at))),
      })),
    };
  }

  private async plan(query: SendQuery, text: string, { values, planned, search }: Asked): Promise<RawPlan> {
    const isRun = this.options.analyze && this.database === 'mariadb' && planned !== 'sampled';
    const [row] = await query(`${isRun ? 'ANALYZE' : 'EXPLAIN'} FORMAT=JSON ${text}`, values);
    const raw = mysqlBlockOf(Object.values(row ?? {})[0]);
    // Before LIMIT: there the rows tell more.
    if (rowsAskedFor(search) !== undefined) return { raw: withoutCost(raw) };
    const [status] = await query(`SHOW SESSION STATUS LIKE 'Last_query_cost'`);
    const cost = Number(status?.['Value'] ?? 0);
    // Of a subquery or a union it is not told. A row that is found by its key is read while planning, which costs nothing.
    const isConstant = [...tablesIn(raw)].every(
      ({ access_type: type }) => type === 'const' || type === 'system',
    );
    return cost > 0 ? { raw, cost } : isConstant ? { raw, cost: 1 } : { raw };
  }

  /** Of the columns that conditions compare. */
  private async sample(query: SendQuery, uses: readonly TableUse[]): Promise<void> {
    for (const { facts, need, parameters } of uses) {
      const { name } = facts.table;
      const wanted = new Set([...need.equal, ...parameters.map(({ column }) => column)]);
      const unknown = [...wanted].filter((column) => !this.samples.has(key(name, column)));
      if (unknown.length === 0) continue;
      const rows = await sampleRows(query, facts, unknown);
      for (const [n, column] of unknown.entries())
        this.samples.set(
          key(name, column),
          rows.map((row) => row[n]),
        );
    }
  }
}

/** A statement with all that is needed to plan it. */
interface Asked {
  readonly text: string;
  readonly search: Search;
  readonly uses: readonly TableUse[];
  readonly values: readonly unknown[];
  readonly planned: PlannedValues;
}

interface RawPlan {
  readonly raw: RawBlock;
  readonly cost?: number;
}

async function readOnly<T>(query: SendQuery, work: () => Promise<T>): Promise<T> {
  await query('START TRANSACTION READ ONLY');
  try {
    return await work();
  } finally {
    await query('ROLLBACK');
  }
}

/** A view does not see the copy of the table behind it. */
function tableBehind({ search, uses }: Asked, { name }: TableName): TableFacts | undefined {
  if (!search.tables.some((table) => isSameName(table.name, name)))
    throw new TrialRefused(`${name} is read through a view, which sees no temporary copy.`);
  return uses.find(({ facts }) => facts.table.name === name)?.facts;
}

function key(table: string, column: string): string {
  return `${table}\n${column}`;
}
