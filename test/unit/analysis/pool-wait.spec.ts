import { describe, expect, it } from '@jest/globals';
import { connectionLeak } from '../../../lib/analysis/connection-leak.js';
import type { ConnectionRequest, PoolUser } from '../../../lib/record/pool-use.js';
import { Script } from './script.js';

const holder: PoolUser = { unit: 'GET /reports', connections: 2, heldMs: 900, idle: 0, inTransaction: 0 };

function waits(...requests: Partial<ConnectionRequest>[]) {
  const complete = requests.map((request): ConnectionRequest => ({
    startMs: 0,
    waitMs: 100,
    size: 2,
    own: 0,
    ownInTransaction: 0,
    holders: [holder],
    ...request,
  }));
  const pools = [
    { dataSource: 'default', server: 'primary' as const, waitsMs: [], requests: complete, saturations: [] },
  ];
  return (of = {}) =>
    new Script().query('SELECT * FROM author', { waitMs: 100 }).findings({}, { pools, ...of });
}

describe('pool-wait', () => {
  it('fires from the threshold on and names who held the connections', () => {
    const [finding, ...others] = waits({})();
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      kind: 'pool-wait',
      severity: 'warning',
      server: 'primary',
      title: 'Waited 100 ms for a connection',
      evidence: { facts: { requests: 1, refused: 0, waitMs: 100, own: 0 } },
    });
    expect(finding?.evidence.text).toBe(
      'One request waited while every connection of the primary was taken: 2 by GET /reports for up to 900 ms.',
    );
  });

  it('stays silent below the threshold', () => {
    expect(waits({ waitMs: 99 })()).toEqual([]);
  });

  it('counts requests that waited side by side once', () => {
    expect(waits({ waitMs: 60 }, { waitMs: 60, startMs: 30 })()).toEqual([]);
    expect(waits({ waitMs: 60 }, { waitMs: 60, startMs: 60 })()).toHaveLength(1);
  });

  it('stays silent where the time went into opening a connection', () => {
    expect(waits({ waitMs: 900, holders: [] })()).toEqual([]);
  });

  it("names TypeORM's database cache where that asked for the second connection", () => {
    const requests: ConnectionRequest[] = [
      { startMs: 0, waitMs: 300, size: 2, own: 1, ownInTransaction: 0, holders: [holder] },
    ];
    const pools = [
      { dataSource: 'default', server: 'primary' as const, waitsMs: [], requests, saturations: [] },
    ];
    const store = { waitMs: 300, isOfResultCache: true as const };
    const script = () => new Script().query('INSERT INTO "query-result-cache" VALUES ($1)', store);
    const [finding] = script().findings({}, { pools });
    expect(finding?.advice.code).toContain('queryLensResultCache(cache)');
    // One that got none is told as a failure of the cache.
    const error = { type: 'Error', message: 'timeout exceeded when trying to connect' };
    const refused = [{ ...pools[0]!, requests: [{ ...requests[0]!, error }] }];
    expect(script().findings({}, { pools: refused })).toEqual([]);
  });

  it('stays silent where a unit queues for the one connection of the pool that it has itself', () => {
    const one = { ...holder, unit: 'GET /authors', connections: 1 };
    const own = { waitMs: 900, size: 1, own: 1, holders: [one] };
    expect(waits(own)()).toEqual([]);
    // Of two connections it keeps others from working.
    expect(waits({ ...own, size: 2, own: 2 })()).toHaveLength(1);
    // Another unit has it.
    expect(waits({ ...own, own: 0 })()).toHaveLength(1);
    // It will never come.
    expect(waits({ ...own, ownInTransaction: 1 })()).toHaveLength(1);
    const error = { type: 'Error', message: 'timeout exceeded when trying to connect' };
    expect(waits({ ...own, error })()).toMatchObject([{ severity: 'error' }]);
  });

  it('counts the waits for others only', () => {
    const own = { waitMs: 900, size: 1, own: 1, ownInTransaction: 0 };
    expect(waits(own, { waitMs: 99, size: 1 })()).toEqual([]);
    expect(waits(own, { waitMs: 120, size: 1 })()).toMatchObject([
      { evidence: { facts: { requests: 1, waitMs: 120 } } },
    ]);
  });

  it('is an error when a request got no connection, however short the wait', () => {
    const error = { type: 'Error', message: 'timeout exceeded when trying to connect' };
    expect(waits({ waitMs: 20, error })()).toMatchObject([
      { severity: 'error', evidence: { facts: { refused: 1 } } },
    ]);
  });

  it('advises by what held the connections', () => {
    const advice = (request: Partial<ConnectionRequest>) => waits(request)()[0]?.advice.text;
    expect(advice({ own: 2 })).toContain('one statement (In)');
    expect(advice({ own: 1, ownInTransaction: 1 })).toContain('Use the manager of the transaction');
    expect(advice({ holders: [{ ...holder, idle: 2 }] })).toContain('without a statement');
    expect(advice({})).toContain('faster first');
  });

  it('says nothing of background work', () => {
    expect(waits({ waitMs: 900 })({ kind: 'background' })).toEqual([]);
  });
});

describe('connection-leak', () => {
  it('says how long it is held, what ran on it, and that its transaction keeps locks', () => {
    const leak = connectionLeak(
      {
        server: 'primary',
        unit: 'POST /import',
        heldMs: 34_000,
        idleMs: 33_900,
        statements: 1,
        isInTransaction: true,
        isOnPurpose: false,
      },
      'default',
    );
    expect(leak).toMatchObject({
      kind: 'connection-leak',
      route: 'POST /import',
      title: 'A connection has been held for 34 s, and nothing has run on it for 33.9 s',
    });
    expect(leak.evidence.text).toBe(
      'It was taken out of the pool, ran one statement and was not given back in the middle of a transaction, whose locks it keeps.',
    );
  });
});
