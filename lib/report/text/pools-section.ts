import { describeCallSite } from '../../record/call-site.js';
import type { PoolUser } from '../../record/pool-use.js';
import { countText, counted } from '../../statistics/count-text.js';
import { durationText } from '../../statistics/duration-text.js';
import type { PoolReport, SaturationReport } from '../pool-report.js';
import { printable } from '../printable.js';
import type { Report } from '../report.js';
import { fold } from './fold.js';
import { replicationLines } from './replication-lines.js';
import { sectionTitle } from './section-title.js';
import { type Line, span } from './span.js';

const INDENT = span('    ');
/** Episodes that are told in full; the JSON report has more. */
const MAX_EPISODES = 3;
const MAX_USERS = 3;
/** Shorter episodes are counted only. */
const NOTABLE_MS = 10;

/** One green line for each pool that was never full; who held and who waited for those that were. */
export function poolsSection(
  { pools, replication }: Report,
  columns: number,
  width: number,
): readonly Line[] {
  if (pools.length === 0) return [];
  const bad = pools.filter((pool) => !isFine(pool)).length;
  return [
    sectionTitle(
      'Pools',
      bad === 0 ? 'all fine' : `${countText(bad)} of ${countText(pools.length)} ran full`,
      columns,
      bad === 0 ? 'good' : 'strong',
    ),
    [],
    ...pools.flatMap((pool) => poolLines(pool, width)),
    ...replicationLines(replication, width),
  ];
}

function isFine({ saturation, refused, leakSuspects }: PoolReport): boolean {
  return saturation.longestMs < NOTABLE_MS && refused.length === 0 && leakSuspects.length === 0;
}

function poolLines(pool: PoolReport, width: number): readonly Line[] {
  const { dataSource, server, connections, waitMs, saturation, refused, leakSuspects } = pool;
  const name = server === 'primary' ? dataSource : `${dataSource}, replicas`;
  const figures = [
    nowText(pool),
    `${counted(connections, 'connection')} given`,
    `wait p95 ${durationText(waitMs.p95)}, max ${durationText(waitMs.max)}`,
    saturation.episodes === 0
      ? 'never full'
      : `full ${counted(saturation.episodes, 'time')}, ${durationText(saturation.totalMs)} in all`,
  ].filter((text) => text !== '');
  const style = isFine(pool) ? 'good' : 'warning';
  const indented = (text: string) => fold([INDENT, span(printable(text), 'faint')], width, [INDENT]);
  return [
    ...fold([span(`${printable(name)}  `, style), span(figures.join(' · '))], width, [INDENT]),
    ...refused.flatMap(({ code, count }) =>
      fold([INDENT, span(printable(`${counted(count, 'request')} got none: ${code}`), 'error')], width, [
        INDENT,
      ]),
    ),
    ...saturation.recent
      .filter(({ durationMs }) => durationMs >= NOTABLE_MS)
      .slice(0, MAX_EPISODES)
      .flatMap((episode) => episodeTexts(episode).flatMap(indented)),
    ...leakSuspects.flatMap(({ unit, callSite, heldMs, idleMs }) =>
      indented(
        `held for ${durationText(heldMs)}, unused for ${durationText(idleMs)}: ${unit}${callSite === undefined ? '' : ` · ${describeCallSite(callSite)}`}`,
      ),
    ),
  ];
}

function nowText({ now }: PoolReport): string {
  return now
    .map(({ name, size, inUse, waiting }) => {
      const of = now.length === 1 ? '' : `${name} `;
      return `${of}${countText(inUse)} of ${countText(size)} in use${waiting === 0 ? '' : `, ${countText(waiting)} waiting`}`;
    })
    .join(', ');
}

function episodeTexts({
  startedAt,
  durationMs,
  requests,
  maxWaiting,
  holders,
  waiters,
}: SaturationReport): string[] {
  return [
    `${startedAt.slice(11, 19)} full for ${durationText(durationMs)}, ${counted(requests, 'request')} waited, ${countText(maxWaiting)} at once`,
    `held by ${usersText(holders)}`,
    `waited: ${usersText(waiters)}`,
  ];
}

function usersText(users: readonly PoolUser[]): string {
  const more = users.length - MAX_USERS;
  const shown = users.slice(0, MAX_USERS).map(({ unit, callSite, connections, idle, heldMs }) => {
    const site = callSite === undefined ? '' : ` (${describeCallSite(callSite)})`;
    const without = idle === 0 ? '' : `, ${countText(idle)} without a statement`;
    return `${unit}${site} x${countText(connections)} up to ${durationText(heldMs)}${without}`;
  });
  return `${shown.join('; ')}${more > 0 ? ` and ${countText(more)} more` : ''}`;
}
