import type { Report } from '../report/report.js';
import { CommandError } from './command.js';

/** How to ask, and whom one is. */
export interface FetchOptions {
  readonly token?: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly timeoutMs: number;
  readonly fetch: typeof fetch;
}

/**
 * Reads the JSON report below `url`, the admin path of an application.
 *
 * @throws CommandError with what happened and what to try
 */
export async function fetchReport(url: URL, options: FetchOptions): Promise<Report> {
  const target = new URL(url);
  target.pathname = `${url.pathname.replace(/\/+$/, '')}/report`;
  const response = await ask(target, options);
  if (!response.ok) throw new CommandError(refusal(response.status, target));
  const report = (await response.json().catch(() => undefined)) as Partial<Report> | undefined;
  if (report?.schema === 'query-lens/report@1') return report as Report;
  throw new CommandError(
    `${target.href} answered with something else than a query-lens/report@1. Is it the admin path of QueryLens?`,
  );
}

async function ask(target: URL, { token, headers, timeoutMs, fetch }: FetchOptions): Promise<Response> {
  const sent = new Headers(headers.map(([name, value]) => [name, value]));
  if (token !== undefined && token !== '') sent.set('authorization', `Bearer ${token}`);
  try {
    // A redirect would carry the token to somebody else.
    return await fetch(target, { headers: sent, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
  } catch (error) {
    throw new CommandError(`${target.href} does not answer: ${reasonOf(error)}. Is the application running?`);
  }
}

function refusal(status: number, { href }: URL): string {
  const fixes: Readonly<Record<number, string>> = {
    401: 'Give the application’s admin.token in QUERY_LENS_TOKEN or with --token.',
    403: 'Its guards refuse you: give what they want with --header.',
    404: 'Is admin open there (guards, token or public), and is the path right? It stands below the global prefix.',
    429: 'Too many requests: try again in a minute.',
  };
  return `${href} answered ${String(status)}. ${fixes[status] ?? 'See the log of the application.'}`;
}

/** Node puts the reason into `cause`, or into several of them. */
function reasonOf(error: unknown): string {
  const { message, name, cause } = error as Error & { cause?: { code?: string; message?: string } };
  if (name === 'TimeoutError') return 'it took too long';
  return cause?.code ?? cause?.message ?? message;
}
