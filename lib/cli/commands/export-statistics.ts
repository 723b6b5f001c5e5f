import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { exportStatistics, type Ask } from '../../shadow/export-statistics.js';
import type { ProductionStatistics } from '../../shadow/production-statistics.js';
import { CommandError, EXIT, UsageError, type Command } from '../command.js';
import { projectPackage } from '../project-package.js';

/** The part of `pg` that is used. */
interface PgModule {
  readonly default: { readonly Client: new (config: object) => PgClient };
}

interface PgClient {
  connect(): Promise<void>;
  query(sql: string, parameters?: readonly unknown[]): Promise<{ readonly rows: Record<string, unknown>[] }>;
  end(): Promise<void>;
  on(event: 'error', listener: () => void): unknown;
}

const HELP = `Usage: query-lens export-statistics --output FILE [options]

Writes what PostgreSQL's planner knows of a database: tables, columns, indexes and statistics. It reads the catalogs only,
in one read-only transaction, and no table of yours. "query-lens advise" verifies index advice with it, elsewhere.

  --url URL          postgres://user:password@host:5432/database; better in DATABASE_URL
  --output FILE      where to write the JSON
  --without-values   leave out most-common values, the only values of rows that are exported;
                     estimates for frequent values are then means
  --schema NAME      a schema to export; may be repeated (default: all)
  --timeout SECONDS  for each statement (default 30)

Examples:
  npx query-lens export-statistics --output statistics.json
  npx query-lens export-statistics --url "$READ_REPLICA_URL" --without-values --output statistics.json
`;

const DEFAULT_TIMEOUT_S = 30;

/** `query-lens export-statistics`: production's planner statistics into a file. */
export const exportStatisticsCommand: Command = {
  name: 'export-statistics',
  summary: "write PostgreSQL's planner statistics into a file",
  help: HELP,
  async run(args, host) {
    const options = read(args, host.env);
    const { default: pg } = await projectPackage<PgModule>('pg');
    const statistics = await exported(pg.Client, options);
    await writeFile(options.output, `${JSON.stringify(statistics, null, 2)}\n`);
    host.write(`${summary(statistics, options.output)}\n`);
    return EXIT.done;
  },
};

type Options = ReturnType<typeof read>;

function read(args: readonly string[], env: Readonly<Record<string, string | undefined>>) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      url: { type: 'string' },
      output: { type: 'string' },
      'without-values': { type: 'boolean', default: false },
      schema: { type: 'string', multiple: true },
      timeout: { type: 'string', default: String(DEFAULT_TIMEOUT_S) },
    },
  });
  const url = values.url ?? env['DATABASE_URL'];
  if (url === undefined || url === '') throw new UsageError('--url or DATABASE_URL is needed');
  if (values.output === undefined) throw new UsageError('--output is needed');
  const timeoutMs = Number(values.timeout) * 1_000;
  if (!(timeoutMs > 0)) throw new UsageError(`--timeout is "${values.timeout}": seconds are needed`);
  return {
    url,
    output: values.output,
    timeoutMs,
    hasValues: !values['without-values'],
    ...(values.schema && { schemas: values.schema }),
  };
}

async function exported(
  Client: PgModule['default']['Client'],
  options: Options,
): Promise<ProductionStatistics> {
  const { url, timeoutMs } = options;
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: timeoutMs,
    statement_timeout: timeoutMs,
    application_name: 'query-lens export-statistics',
  });
  // The failure of the connection reaches the statement that waits for it.
  client.on('error', () => undefined);
  const ask: Ask = async (sql, parameters) => (await client.query(sql, parameters)).rows;
  try {
    await client.connect();
    await ask('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
    return await exportStatistics(ask, { ...options, now: Date.now() });
  } catch (error) {
    throw new CommandError(`the statistics could not be read: ${(error as Error).message}`);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function summary({ tables, hasValues }: ProductionStatistics, output: string): string {
  const analysed = tables.filter(({ columns }) => columns.some(({ statistics }) => statistics)).length;
  const indexes = tables.reduce((sum, table) => sum + table.indexes.length, 0);
  const values = hasValues ? 'with most-common values' : 'without values';
  const missing = tables.length - analysed;
  return [
    `${output}: ${String(tables.length)} tables, ${String(indexes)} indexes, ${values}.`,
    ...(missing === 0
      ? []
      : [
          `${String(missing)} of the tables have no statistics: they were never analysed, or this role may not read them. They cannot be judged.`,
        ]),
  ].join('\n');
}
