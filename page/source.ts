import type { Report } from '../lib/report/report.js';
import { summarise } from '../lib/report/summary.js';

/** Somebody who may not read: the page asks for the token. */
export class RefusedError extends Error {}

/** Where the page gets its data: from the application, or from the report inside of its own document. */
export interface Source {
  /** Whether there is an application to ask again. */
  readonly isLive: boolean;
  /** Answers one of the JSON endpoints. */
  load(path: string): Promise<unknown>;
  /** Sends an action; see `allowActions`. */
  act(path: string): Promise<unknown>;
  /** Where a person finds the same as JSON. */
  jsonUrl(path: string): string | undefined;
}

/** The page stands at the admin path itself, behind whatever proxies: its own address says where. */
const BASE = location.pathname.replace(/\/+$/u, '');

export function findSource(): Source {
  const element = document.getElementById('query-lens-report');
  return element === null ? application() : embedded(JSON.parse(element.textContent) as Report);
}

export async function signIn(token: string): Promise<boolean> {
  const response = await fetch(`${BASE}/session`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'x-query-lens': 'page' },
  });
  if (response.ok) return true;
  if (response.status === 401) return false;
  throw new Error(await messageOf(response));
}

export async function signOut(): Promise<void> {
  const response = await fetch(`${BASE}/session`, {
    method: 'DELETE',
    headers: { 'x-query-lens': 'page' },
  });
  // Who has no session any more is signed out already.
  if (!response.ok && response.status !== 401) throw new Error(await messageOf(response));
}

export function eventsUrl(): string {
  return `${BASE}/events`;
}

function application(): Source {
  return {
    isLive: true,
    load: (path) => ask(path, {}),
    act: (path) => ask(path, { method: 'POST', headers: { 'x-query-lens': 'page' } }),
    jsonUrl: (path) => `${BASE}/${path}`,
  };
}

async function ask(path: string, init: RequestInit): Promise<unknown> {
  const response = await fetch(`${BASE}/${path}`, init).catch(() => {
    throw new Error(`${BASE}/${path} cannot be reached.`);
  });
  if (response.status === 401) throw new RefusedError();
  if (!response.ok) throw new Error(await messageOf(response));
  return response.status === 204 ? undefined : response.json();
}

async function messageOf(response: Response): Promise<string> {
  const body = (await response.json().catch(() => undefined)) as { message?: unknown } | undefined;
  const text = typeof body?.message === 'string' ? body.message : response.statusText;
  return `${String(response.status)} ${text}`;
}

function embedded(report: Report): Source {
  const parts: Readonly<Record<string, unknown>> = {
    report,
    summary: { ...summarise(report), actions: [] },
    routes: report.routes,
    'loading-strategies': report.loadingStrategies,
    'slow-queries': report.slowQueries,
    findings: report.findings,
    caches: report.caches,
    pools: report.pools,
    replication: report.replication,
    transactions: report.transactions,
    'lock-conflicts': report.lockConflicts,
    self: report.self,
  };
  return {
    isLive: false,
    load: (path) =>
      path in parts ? Promise.resolve(parts[path]) : Promise.reject(new Error('Not in this file.')),
    act: () => Promise.reject(new Error('This is a file.')),
    jsonUrl: () => undefined,
  };
}
