import { describe, expect, it } from '@jest/globals';
import { detectCacheFailure } from '../../../lib/analysis/detectors/cache-failure.js';
import { DEFAULT_THRESHOLDS } from '../../../lib/analysis/thresholds.js';
import type { CacheRecord } from '../../../lib/record/cache-record.js';
import { unit } from '../statistics/build-unit.js';

function found(type: string, of: Partial<CacheRecord> = {}) {
  const access: CacheRecord = {
    kind: 'cache',
    id: 1,
    cache: 'default',
    operation: 'get',
    outcome: 'failure',
    via: 'application',
    pattern: 'author:*',
    key: 1,
    keys: 1,
    found: 0,
    sequence: 0,
    endSequence: 0,
    startMs: 0,
    durationMs: 1,
    error: { type, message: '', isThrown: false },
    ...of,
  };
  const [finding] = detectCacheFailure(unit({ caches: [access] }), DEFAULT_THRESHOLDS);
  return finding;
}

describe('the advice of cache-failure', () => {
  it('lets commands fail while there is no connection, instead of keeping them and the requests', () => {
    const advice = found('SocketClosedUnexpectedlyError', { operation: 'connection' })?.advice;
    expect(advice?.code).toContain('new KeyvRedis({ url, disableOfflineQueue: true }');
    expect(advice?.text).toContain('otherwise requests wait until the store is back');
  });

  it('does not advise what is done already', () => {
    expect(found('ClientOfflineError')?.advice.code).toBeUndefined();
  });

  it("is what TypeORM's own clients take", () => {
    expect(found('Error', { via: 'typeorm', tier: 'ioredis' })?.advice.code).toContain('ignoreErrors: true');
    expect(found('Error', { via: 'typeorm', tier: 'redis' })?.advice.code).toContain('disableOfflineQueue');
  });
});

it('a lost connection is not told as a miss of the caller', () => {
  const lost = found('SocketClosedUnexpectedlyError', { operation: 'connection', pattern: '' });
  expect(lost?.evidence.text).toBe(
    'The connection to the store failed: connection, SocketClosedUnexpectedlyError.',
  );
  expect(found('Error')?.evidence.text).toBe('The error was swallowed, the caller saw a miss: get, Error.');
});
