import { describe, expect, it } from '@jest/globals';
import { healthResult } from '../../../lib/health/health-result.js';
import {
  DEFAULT_HEALTH_LIMITS,
  judgeHealth,
  type HealthFacts,
  type PoolHealth,
} from '../../../lib/report/health.js';
import { RecentWindow } from '../../../lib/statistics/recent-window.js';
import { NOON, query, unit } from '../statistics/build-unit.js';

const pool: PoolHealth = {
  server: 'primary',
  name: 'primary',
  size: 2,
  open: 1,
  idle: 1,
  inUse: 0,
  waiting: 0,
  ping: { outcome: 'answered', durationMs: 1 },
};
const lost = { outcome: 'failed', error: 'ECONNREFUSED' } as const;
const recent = { seconds: 60, statements: 20, errors: 0, slow: 0, p95Ms: 5, maxWaitMs: 0 };

const judge = (facts: Partial<HealthFacts>, limits: Partial<typeof DEFAULT_HEALTH_LIMITS> = {}) => {
  const none = { lookups: 0, hits: 0 };
  const all = { name: 'default', isOpen: true, pools: [pool], waitingMs: [], lookups: none, ...facts };
  const { status, reasons } = judgeHealth(all, { ...DEFAULT_HEALTH_LIMITS, ...limits });
  return [status, ...reasons];
};

describe('judgeHealth', () => {
  it('is up while nothing is wrong, in a pool without room for a ping too', () => {
    expect(judge({})).toEqual(['up']);
    expect(judge({ pools: [{ ...pool, idle: 0, inUse: 2, ping: { outcome: 'skipped' } }] })).toEqual(['up']);
  });

  it('is down when the data source is closed or the primary does not answer', () => {
    expect(judge({ isOpen: false })).toEqual(['down', 'the data source default is not open']);
    expect(judge({ pools: [{ ...pool, ping: lost }] })).toEqual([
      'down',
      'the primary cannot be reached: ECONNREFUSED',
    ]);
  });

  it('is degraded without one replica, and down without all of them', () => {
    const replica = { ...pool, server: 'replica' as const, name: 'replica 1' };
    const other = { ...replica, name: 'replica 2' };
    expect(judge({ pools: [pool, { ...replica, ping: lost }, other] })[0]).toBe('degraded');
    expect(judge({ pools: [pool, { ...replica, ping: lost }] })[0]).toBe('down');
  });

  it('is down when requests wait and nothing comes free, degraded when something does', () => {
    expect(judge({ waitingMs: [1_000], sinceProgressMs: 1_000 })[0]).toBe('down');
    expect(judge({ waitingMs: [1_000], sinceProgressMs: 999 })[0]).toBe('degraded');
    expect(judge({ waitingMs: [999], sinceProgressMs: 5_000 })).toEqual(['up']);
  });

  it('is degraded by the last minute beyond each limit, and not on it', () => {
    expect(judge({ recent: { ...recent, errors: 2 } })).toEqual(['up']);
    expect(judge({ recent: { ...recent, errors: 3 } })).toEqual([
      'degraded',
      '15 % of the statements failed',
    ]);
    expect(judge({ recent: { ...recent, slow: 6 } })[0]).toBe('degraded');
    expect(judge({ recent: { ...recent, p95Ms: 1_001 } })[0]).toBe('degraded');
    expect(judge({ recent: { ...recent, maxWaitMs: 1_001 } })[0]).toBe('degraded');
    expect(judge({ recent: { ...recent, statements: 19, errors: 19 } })).toEqual(['up']);
  });

  it('judges caches where it is told to', () => {
    const lookups = { lookups: 20, hits: 4 };
    expect(judge({ lookups })).toEqual(['up']);
    expect(judge({ lookups }, { minCacheHitRatio: 0.5 })).toEqual([
      'degraded',
      'caches answered 20 % of the look-ups',
    ]);
  });
});

describe('the last minute', () => {
  it('forgets what is older', () => {
    const window = new RecentWindow(100);
    const error = { type: 'Error', message: '' };
    window.add(unit({ analysed: [query({ executeMs: 150 }), query({ error })], startedAt: NOON }));
    expect(window.figures('default', NOON + 1_000)).toMatchObject({ statements: 2, errors: 1, slow: 1 });
    expect(window.figures('default', NOON + 65_000)).toBeUndefined();
    window.add(unit({ analysed: [query()], startedAt: NOON + 120_000 }));
    expect(window.figures('default', NOON + 121_000)).toMatchObject({ statements: 1, errors: 0 });
  });
});

describe('healthResult', () => {
  const degraded = { status: 'degraded', reasons: ['slow'], dataSources: [] } as const;

  it('says degraded where Terminus knows the word, else up with a mark', () => {
    expect(healthResult('db', degraded, { knowsDegraded: true })).toMatchObject({
      db: { status: 'degraded' },
    });
    expect(healthResult('db', degraded, { knowsDegraded: false })).toMatchObject({
      db: { status: 'up', degraded: true, reasons: ['slow'] },
    });
  });
});
