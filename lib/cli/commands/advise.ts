import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { renderText } from '../../report/render-text.js';
import type { Report } from '../../report/report.js';
import { advisedReport } from '../../shadow/advised-report.js';
import { DataFiles } from '../../shadow/data-files.js';
import type { ProductionStatistics } from '../../shadow/production-statistics.js';
import { ShadowDatabase, type EmbeddedPostgres } from '../../shadow/shadow-database.js';
import { ShadowExplainer } from '../../shadow/shadow-explainer.js';
import { CommandError, EXIT, UsageError, type Command, type CommandHost } from '../command.js';
import { projectPackage } from '../project-package.js';

/** The part of `@electric-sql/pglite` that is used. */
interface PgliteModule {
  readonly PGlite: { create(directory: string): Promise<EmbeddedPostgres> };
}

const PGLITE = '@electric-sql/pglite';
const STATEMENT_TIMEOUT_MS = 10_000;

const HELP = `Usage: query-lens advise --report FILE --statistics FILE [options]

Reads the plans of a report's slow queries and tries indexes for them, in an embedded PostgreSQL that has the schema, the
sizes and the planner's statistics of production, and none of its rows. It needs no connection to any database, and the
package ${PGLITE} in your project.

  --report FILE        what "query-lens report --format json" or GET {path}/report gave
  --statistics FILE    what "query-lens export-statistics" wrote
  --data-source NAME   whose statements (default "default")
  --format FORMAT      text, json (default text)
  --output FILE        write it into a file
  --fail-on-advice     end with exit code 1 where an index is missing

Examples:
  npx query-lens report --url https://example.org/query-lens --format json --output report.json
  npx query-lens export-statistics --output statistics.json
  npx query-lens advise --report report.json --statistics statistics.json
`;

/** `query-lens advise`: index advice verified without production. */
export const adviseCommand: Command = {
  name: 'advise',
  summary: 'verify index advice without a connection to production',
  help: HELP,
  async run(args, host) {
    const options = read(args);
    const report = await readJson<Report>(options.report, 'query-lens/report@1');
    const statistics = await readJson<ProductionStatistics>(options.statistics, 'query-lens/statistics@1');
    checkDataSource(report, options.dataSource);
    const { PGlite } = await projectPackage<PgliteModule>(PGLITE);
    const { advised, notes } = await inShadow(PGlite, statistics, async (shadow) => {
      const explainer = await ShadowExplainer.open(shadow, STATEMENT_TIMEOUT_MS);
      return {
        advised: await advisedReport(report, options.dataSource, explainer, Date.now()),
        notes: notesOn(shadow),
      };
    });
    await show(advised, notes, options, host);
    const hasAdvice = advised.findings.some(({ kind }) => kind === 'missing-index');
    return options.isFailing && hasAdvice ? EXIT.failed : EXIT.done;
  },
};

type Options = ReturnType<typeof read>;

function read(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      report: { type: 'string' },
      statistics: { type: 'string' },
      'data-source': { type: 'string', default: 'default' },
      format: { type: 'string', default: 'text' },
      output: { type: 'string' },
      'fail-on-advice': { type: 'boolean', default: false },
    },
  });
  const { report, statistics, format, output } = values;
  if (report === undefined) throw new UsageError('--report is needed');
  if (statistics === undefined) throw new UsageError('--statistics is needed');
  if (format !== 'text' && format !== 'json')
    throw new UsageError(`no format "${format}" (known: text, json)`);
  const isFailing = values['fail-on-advice'];
  return { report, statistics, format, output, isFailing, dataSource: values['data-source'] } as const;
}

async function readJson<T extends { readonly schema: string }>(
  file: string,
  schema: T['schema'],
): Promise<T> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new CommandError(`${file} cannot be read: ${(error as Error).message}`);
  });
  try {
    const value = JSON.parse(text) as T;
    if (value.schema === schema) return value;
  } catch {
    // Said below.
  }
  throw new CommandError(`${file} is no ${schema}. See "query-lens advise --help" for what writes one.`);
}

function checkDataSource({ dataSources }: Report, wanted: string): void {
  const found = dataSources.find(({ name }) => name === wanted);
  const names = dataSources.map(({ name }) => `"${name}"`).join(', ') || 'none';
  if (found === undefined)
    throw new CommandError(
      `the report has no data source "${wanted}" (known: ${names}). Name one with --data-source.`,
    );
  if (!POSTGRES.has(found.driver))
    throw new CommandError(
      `"${wanted}" is ${found.driver}: only PostgreSQL can be rebuilt without its rows.`,
    );
}

const POSTGRES: ReadonlySet<string> = new Set(['postgres', 'aurora-postgres']);

async function inShadow<T>(
  PGlite: PgliteModule['PGlite'],
  statistics: ProductionStatistics,
  work: (shadow: ShadowDatabase) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'query-lens-shadow-'));
  try {
    const shadow = await ShadowDatabase.open(
      await PGlite.create(directory),
      new DataFiles(directory),
      statistics,
    );
    return await work(shadow).finally(() => shadow.close());
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** What a reader has to know to believe the figures. */
function notesOn({ production, notRebuilt }: ShadowDatabase): readonly string[] {
  const { exportedAt, hasValues, serverVersion } = production;
  return [
    `Planned in an embedded PostgreSQL with the schema and statistics of PostgreSQL ${serverVersion} at ${exportedAt}, and none of its rows.`,
    'The statements of a report have no values, so their plans are generic: a frequent value may be planned otherwise.',
    ...(hasValues ? [] : ['Most-common values were not exported.']),
    'Histograms are never exported: ranges are estimated by the planner’s defaults.',
    ...notRebuilt.map(({ subject, reason }) => `Not rebuilt: ${subject} (${reason}).`),
  ];
}

async function show(
  report: Report,
  notes: readonly string[],
  { format, output }: Options,
  host: CommandHost,
): Promise<void> {
  const { columns, env } = host;
  const color = columns !== undefined && output === undefined && !env['NO_COLOR'];
  const own = { ...report, findings: report.findings.filter(({ kind }) => kind === 'missing-index') };
  const text =
    format === 'json'
      ? `${JSON.stringify(report, null, 2)}\n`
      : `${renderText(own, { columns, color, sections: ['findings', 'slow-queries'] })}\n${notes.join('\n')}\n`;
  if (output === undefined) host.write(text);
  else await writeFile(output, text);
}
