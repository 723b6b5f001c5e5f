import { sumOf } from '../../analysis/totals.js';
import { describeCallSite } from '../../record/call-site.js';
import type { PoolUser } from '../../record/pool-use.js';
import { counted, countText } from '../../statistics/count-text.js';
import { durationText } from '../../statistics/duration-text.js';
import type { PoolReport, SaturationReport } from '../pool-report.js';
import type { Report } from '../report.js';
import { inlineCode, markdownTable, plain } from './markdown-text.js';

const MAX_POOLS = 50;
/** Episodes of a pool that are told in full. */
const MAX_EPISODES = 3;
const TITLES = [
  'data source',
  'server',
  'size',
  'in use',
  'handed out',
  'had to wait',
  'wait p95',
  'wait max',
  'refused',
  'times full',
];
const FIRST_FIGURE = 2;

/** One row for each pool; below it who held the connections of those that ran full, and who keeps one without using it. */
export function poolsMarkdown({ pools }: Report): readonly string[] {
  if (pools.length === 0) return [];
  const full = pools.filter(({ saturation }) => saturation.episodes > 0).length;
  const details = pools.slice(0, MAX_POOLS).flatMap(poolDetails);
  return [
    `## Pools: ${full === 0 ? 'never full' : `${countText(full)} of ${countText(pools.length)} ran full`}`,
    '',
    ...markdownTable(TITLES, pools.slice(0, MAX_POOLS).map(cells), (column) => column >= FIRST_FIGURE),
    ...(details.length === 0 ? [] : ['', ...details]),
  ];
}

function cells(pool: PoolReport): readonly string[] {
  const { dataSource, server, now, connections, waited, waitMs, refused, saturation } = pool;
  return [
    inlineCode(dataSource),
    server,
    now.length === 0 ? '' : countText(sumOf(now, ({ size }) => size)),
    now.length === 0 ? '' : countText(sumOf(now, ({ inUse }) => inUse)),
    countText(connections),
    countText(waited),
    durationText(waitMs.p95),
    durationText(waitMs.max),
    countText(sumOf(refused, ({ count }) => count)),
    countText(saturation.episodes),
  ];
}

function poolDetails({ dataSource, server, refused, saturation, leakSuspects }: PoolReport): string[] {
  const name = `${inlineCode(dataSource)} ${server}`;
  return [
    ...refused.map(
      ({ code, count }) => `- ${name}: ${counted(count, 'request')} got no connection (${plain(code)})`,
    ),
    ...saturation.recent.slice(0, MAX_EPISODES).map((episode) => `- ${name} ${episodeText(episode)}`),
    ...leakSuspects.map(
      ({ unit, callSite, heldMs, idleMs }) =>
        `- ${name}: held for ${durationText(heldMs)}, unused for ${durationText(idleMs)} by ${inlineCode(unit)}${siteText(callSite)}`,
    ),
  ];
}

function episodeText(episode: SaturationReport): string {
  const { startedAt, durationMs, requests, maxWaiting, holders, waiters } = episode;
  const waiting = `${counted(requests, 'request')} waited, ${countText(maxWaiting)} at once`;
  return `was full at ${startedAt.slice(11, 19)} for ${durationText(durationMs)}: ${waiting}; held by ${users(holders)}; waiting: ${users(waiters)}`;
}

function users(list: readonly PoolUser[]): string {
  const names = list.map(
    ({ unit, callSite, connections, heldMs }) =>
      `${inlineCode(unit)}${siteText(callSite)} x${countText(connections)} up to ${durationText(heldMs)}`,
  );
  return names.length === 0 ? 'nobody known' : names.join(', ');
}

function siteText(site: PoolUser['callSite']): string {
  return site === undefined ? '' : ` (${inlineCode(describeCallSite(site))})`;
}
