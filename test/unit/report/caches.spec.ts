import { describe, expect, it } from '@jest/globals';
import type { CacheReport } from '../../../lib/report/cache-report.js';
import { renderMarkdown } from '../../../lib/report/render-markdown.js';
import { renderText } from '../../../lib/report/render-text.js';
import { emptyReport } from './sample-report.js';

const times = (p50: number) => ({ p50, p95: p50, p99: p50, max: p50 });

const authors: CacheReport = {
  cache: 'default',
  pattern: 'author:*',
  via: ['application'],
  lookUps: 100,
  hitRatio: 0.9,
  hits: 90,
  misses: 10,
  stale: 0,
  coalesced: 0,
  sets: 10,
  deletes: 0,
  failures: 0,
  nulls: 0,
  tiers: { primary: 90 },
  hitMs: times(0.1),
  missMs: times(12),
  computations: { count: 10, statements: 10, databaseMs: 100, timeMs: times(12) },
  saved: { statements: 90, timeMs: 1_071 },
  bytes: { mean: 340, max: 512 },
  ttlMs: 60_000,
  entries: { stored: 10, neverFound: 0, expired: 0 },
  stampedes: { count: 0, needless: 0, worst: 0 },
  staleReads: { hits: 0, maxAgeMs: 0 },
  overTime: [],
  routes: ['GET /authors/:id'],
};

const text = (cache: Partial<CacheReport>) =>
  renderText(
    { ...emptyReport(), caches: [{ ...authors, ...cache }] },
    { sections: ['caches'], columns: 120 },
  );
const markdown = (cache: Partial<CacheReport>) =>
  renderMarkdown({ ...emptyReport(), caches: [{ ...authors, ...cache }] });

const facts: readonly (readonly [string, Partial<CacheReport>, string])[] = [
  [
    'how the hit ratio went, oldest first, without stretches in which nobody asked',
    {
      overTime: [
        { from: '2026-01-01T00:00:00.000Z', lookUps: 10, hits: 2 },
        { from: '2026-01-01T00:01:00.000Z', lookUps: 0, hits: 0 },
        { from: '2026-01-01T00:02:00.000Z', lookUps: 40, hits: 38 },
      ],
    },
    'Hits over time: 20 %, 95 %.',
  ],
  [
    'values that nobody found again',
    { entries: { stored: 10, neverFound: 4, expired: 0 } },
    '4 of 10 stored values not found again so far.',
  ],
  [
    'a time to live that ends before the next use',
    { ttlMs: 1_000, betweenUsesMs: 5_000, entries: { stored: 10, neverFound: 0, expired: 9 } },
    '9 look-ups came after the value had expired. Values live 1 s, and are asked for every 5 s.',
  ],
  [
    'look-ups that came too late where values live long enough',
    { betweenUsesMs: 5_000, entries: { stored: 10, neverFound: 0, expired: 1 } },
    '1 look-up came after the value had expired.',
  ],
  [
    'stampedes',
    { stampedes: { count: 1, needless: 199, worst: 200 } },
    '199 computations began while another of the same key was under way, 200 at once at worst.',
  ],
  [
    'hits after a write, as a fact',
    { staleReads: { hits: 3, maxAgeMs: 2_000, table: 'author', writtenBy: 'PUT /authors/:id' } },
    '3 hits of values stored before PUT /authors/:id wrote to author, up to 2 s after it.',
  ],
];

describe('caches in the reports for people', () => {
  it('have one row for each pattern: look-ups, hits, what they saved, size and time to live', () => {
    expect(text({})).toContain('saved 90 queries and 1.1 s');
    expect(text({})).toMatch(/author:\* +100 +90 % +1\.1 s +90 +0\.1 ms +12 ms +10 +340 +60 s/);
    expect(markdown({})).toContain('## Caches: saved 90 queries and 1.1 s');
    expect(markdown({})).toContain('| `author:*` | 100 | 90 % | 1.1 s | 90 | 12 ms | 10 | 340 | 60 s |');
  });

  it.each(facts)('tell %s', (_what, cache, fact) => {
    expect(text(cache)).toContain(fact);
    expect(markdown(cache)).toContain(`- \`author:*\`: ${fact}`);
  });

  it('tell no course of a hit ratio that stays as it is', () => {
    const stretch = { from: '2026-01-01T00:00:00.000Z', lookUps: 10, hits: 9 };
    expect(text({ overTime: [stretch, stretch] })).not.toContain('over time');
  });

  it('name the cache where it is not the default one, and what concerns all of it', () => {
    expect(markdown({ cache: 'SESSIONS' })).toContain('| `author:* (SESSIONS)` |');
    expect(markdown({ pattern: '', lookUps: 0, sets: 0, failures: 2 })).toMatch(
      /\| `default` \|[^]*2 accesses in which a store failed\./,
    );
  });

  it('say nothing where no cache was used', () => {
    expect(renderText({ ...emptyReport(), caches: [] }, { sections: ['caches'] })).not.toContain('Caches');
    expect(renderMarkdown({ ...emptyReport(), caches: [] })).not.toContain('Caches');
  });
});
