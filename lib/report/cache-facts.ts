import { sumOf } from '../analysis/totals.js';
import { countText, counted } from '../statistics/count-text.js';
import { durationText } from '../statistics/duration-text.js';
import type { CacheReport } from './cache-report.js';

/** Stretches of time whose hit ratios are told, the newest ones. */
const MAX_STRETCHES = 6;

/** What all caches together saved. */
export function cachesHead(caches: readonly CacheReport[]): string {
  const statements = sumOf(caches, ({ saved }) => saved.statements);
  const failures = sumOf(caches, (cache) => cache.failures);
  const saved = `saved ${counted(statements, 'query', 'queries')} and ${durationText(sumOf(caches, (cache) => cache.saved.timeMs))}`;
  return failures === 0 ? saved : `${saved} · ${counted(failures, 'failure')}`;
}

/** The pattern, and the cache where it is not the default one. */
export function cacheName({ cache, pattern }: CacheReport): string {
  return cache === 'default' ? pattern : `${pattern} (${cache})`;
}

/** Empty where nothing was looked up. */
export function hitRatioText({ lookUps, hitRatio }: Pick<CacheReport, 'lookUps' | 'hitRatio'>): string {
  return lookUps === 0 ? '' : percent(hitRatio);
}

/** What stands out of one pattern of keys, in a sentence each. */
export function cacheFacts(row: CacheReport): readonly string[] {
  const { stampedes, staleReads, coalesced, stale, nulls, via, tiers, entries } = row;
  const tierNames = Object.entries(tiers);
  return [
    tierNames.length > 1 ? tierNames.map(([tier, hits]) => `${tier} ${countText(hits)}`).join(' · ') : '',
    overTimeText(row),
    coalesced > 0 ? `${counted(coalesced, 'caller')} waited for the computation of another.` : '',
    stale > 0 ? `${counted(stale, 'old value')} given while a new one was computed.` : '',
    stampedes.needless > 0
      ? `${counted(stampedes.needless, 'computation')} began while another of the same key was under way, ${countText(stampedes.worst)} at once at worst.`
      : '',
    entries.neverFound > 0
      ? `${countText(entries.neverFound)} of ${counted(entries.stored, 'stored value')} not found again so far.`
      : '',
    expiredText(row),
    staleReads.hits > 0
      ? `${counted(staleReads.hits, 'hit')} of values stored before ${staleReads.writtenBy ?? 'a request'} wrote to ${staleReads.table ?? 'their table'}, up to ${durationText(staleReads.maxAgeMs)} after it.`
      : '',
    nulls > 0 && via.includes('interceptor')
      ? `${counted(nulls, 'cached null')} found: Nest's CacheInterceptor takes them for misses.`
      : '',
  ].filter((fact) => fact !== '');
}

function overTimeText({ overTime }: CacheReport): string {
  const asked = overTime.filter(({ lookUps }) => lookUps > 0).slice(-MAX_STRETCHES);
  const ratios = asked.map(({ hits, lookUps }) => percent(hits / lookUps));
  // One that stays says nothing that the table does not.
  return new Set(ratios).size < 2 ? '' : `Hits over time: ${ratios.join(', ')}.`;
}

/** The second sentence only where values die before they are wanted. */
function expiredText({ entries: { expired }, ttlMs = 0, betweenUsesMs = 0 }: CacheReport): string {
  if (expired === 0) return '';
  const isShort = ttlMs > 0 && betweenUsesMs > ttlMs;
  return (
    `${counted(expired, 'look-up')} came after the value had expired.` +
    (isShort
      ? ` Values live ${durationText(ttlMs)}, and are asked for every ${durationText(betweenUsesMs)}.`
      : '')
  );
}

function percent(ratio: number): string {
  return `${String(Math.round(ratio * 100))} %`;
}
