import type { Thresholds } from '../analysis/thresholds.js';
import { isSlow } from '../statistics/is-slow.js';
import { statementName } from '../statistics/statement-name.js';
import type { StatementStatistics } from '../statistics/statement-statistics.js';
import type { Statistics } from '../statistics/statistics.js';
import { investigationKey } from './investigation.js';
import type { Suspect } from './suspect.js';

/** Statements that are not slow but take the most time together. */
const MAX_OTHERS = 20;
/** A statement that takes less, on average, is as fast as an index makes it. */
const WORTH_MS = 2;
const MAX_SUSPECTS = 50;
const HOUR_MS = 3_600_000;

/** A suspect before its text is known. */
export type NamedSuspect = Omit<Suspect, 'statement'>;

/** Statements worth a look at their plan: the slow ones, then those that take most time together. */
export function suspects(statistics: Statistics, thresholds: Thresholds): readonly NamedSuspect[] {
  const hours = watchedHours(statistics);
  const all = [...statistics.statements.values()]
    .filter((entry) => isRead(entry))
    .sort((a, b) => b.times.execute.sum - a.times.execute.sum);
  const slow = all.filter((entry) => isSlow(entry, thresholds));
  const others = all.filter((entry) => !slow.includes(entry) && entry.times.execute.mean >= WORTH_MS);
  return [
    ...slow.map((entry) => suspect(entry, true, hours)),
    ...others.slice(0, MAX_OTHERS).map((entry) => suspect(entry, false, hours)),
  ].slice(0, MAX_SUSPECTS);
}

/** Names a statement shape; without `dataSource` that of every data source. */
export interface StatementIdentity {
  readonly fingerprint: string;
  readonly dataSource?: string;
}

/** The statements that somebody asks about, slow or not, worth it or not. */
export function namedSuspects(
  statistics: Statistics,
  thresholds: Thresholds,
  { fingerprint, dataSource }: StatementIdentity,
): readonly NamedSuspect[] {
  const hours = watchedHours(statistics);
  return [...statistics.statements.values()]
    .filter((entry) => entry.fingerprint === fingerprint)
    .filter((entry) => dataSource === undefined || entry.dataSource === dataSource)
    .map((entry) => suspect(entry, isSlow(entry, thresholds), hours));
}

const KINDS: ReadonlySet<string> = new Set(['select', 'update', 'delete']);

function isRead({ kind, startupCalls, count, errors }: StatementStatistics): boolean {
  return KINDS.has(kind) && startupCalls < count && errors < count;
}

function suspect(entry: StatementStatistics, slow: boolean, hours: number): NamedSuspect {
  const { dataSource, fingerprint, text, count, times, rows, callSites, firstSeen, lastSeen, examples } =
    entry;
  return {
    key: investigationKey(dataSource, fingerprint),
    dataSource,
    fingerprint,
    text,
    name: statementName(text),
    calls: count,
    msPerHour: times.execute.sum / hours,
    meanMs: times.execute.mean,
    rowsPerCall: rows / count,
    isSlow: slow,
    route: entry.routesByTime()[0]?.route ?? '',
    callSites: [...callSites],
    firstSeen,
    lastSeen,
    traceIds: examples.flatMap(({ traceId }) => traceId ?? []),
  };
}

/** Hours that were watched; a minute at least, because less says nothing about an hour. */
export function watchedHours({ from, to }: Pick<Statistics, 'from' | 'to'>): number {
  const hours = from === undefined || to === undefined ? 0 : (to - from) / HOUR_MS;
  return Math.max(1 / 60, hours);
}
