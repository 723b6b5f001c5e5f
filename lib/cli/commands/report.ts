import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { renderPage } from '../../report/page/render-page.js';
import { renderMarkdown } from '../../report/render-markdown.js';
import { renderText } from '../../report/render-text.js';
import type { Report } from '../../report/report.js';
import { EXIT, UsageError, type Command, type CommandHost } from '../command.js';
import { fetchReport } from '../fetch-report.js';

type Render = (report: Report, host: CommandHost, isFile: boolean) => string;

const FORMATS: Readonly<Record<string, Render>> = {
  text: (report, { columns, env }, isFile) =>
    renderText(report, { columns, color: columns !== undefined && !isFile && !env['NO_COLOR'] }),
  json: (report) => `${JSON.stringify(report, null, 2)}\n`,
  md: renderMarkdown,
  html: (report) => renderPage({ nonce: randomBytes(18).toString('base64url'), report }),
};

const HELP = `Usage: query-lens report --url URL [options]

Prints the report of a running application.

  --url URL          where its admin endpoints are: http://localhost:3000/query-lens
  --format FORMAT    ${Object.keys(FORMATS).join(', ')} (default text)
  --output FILE      write it into a file
  --token TOKEN      the application's admin.token; better in QUERY_LENS_TOKEN
  --header 'N: V'    a header for the application's own guards; may be repeated
  --timeout SECONDS  how long to wait (default 30)

Examples:
  npx query-lens report --url http://localhost:3000/query-lens
  npx query-lens report --url http://localhost:3000/query-lens --format md --output report.md
  npx query-lens report --url http://localhost:3000/query-lens --format html --output report.html
`;

const DEFAULT_TIMEOUT_S = 30;

/** `query-lens report`: fetches the JSON report and renders it here. */
export const reportCommand: Command = {
  name: 'report',
  summary: 'print the report of a running application',
  help: HELP,
  async run(args, host) {
    const options = read(args);
    const report = await fetchReport(options.url, {
      token: options.token ?? host.env['QUERY_LENS_TOKEN'],
      headers: options.headers,
      timeoutMs: options.timeoutMs,
      fetch: host.fetch,
    });
    const text = options.render(report, host, options.output !== undefined);
    if (options.output === undefined) host.write(text);
    else await writeFile(options.output, text);
    return EXIT.done;
  },
};

function read(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      url: { type: 'string' },
      format: { type: 'string', default: 'text' },
      output: { type: 'string' },
      token: { type: 'string' },
      header: { type: 'string', multiple: true, default: [] },
      timeout: { type: 'string', default: String(DEFAULT_TIMEOUT_S) },
    },
  });
  const render = Object.hasOwn(FORMATS, values.format) ? FORMATS[values.format] : undefined;
  if (render === undefined) {
    throw new UsageError(`no format "${values.format}" (known: ${Object.keys(FORMATS).join(', ')})`);
  }
  const timeoutMs = Number(values.timeout) * 1_000;
  if (!(timeoutMs > 0)) throw new UsageError(`--timeout is "${values.timeout}": seconds are needed`);
  return {
    url: urlOf(values.url),
    render,
    output: values.output,
    token: values.token,
    headers: values.header.map(headerOf),
    timeoutMs,
  };
}

function urlOf(text: string | undefined): URL {
  if (text === undefined) throw new UsageError('--url is needed');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new UsageError(`--url is "${text}": a whole address is needed, http://localhost:3000/query-lens`);
}

function headerOf(text: string): readonly [string, string] {
  const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+):\s*(.*)$/.exec(text) ?? [];
  if (name !== undefined && value !== undefined) return [name, value];
  throw new UsageError(`--header is "${text}": 'Name: value' is needed`);
}
