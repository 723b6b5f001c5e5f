import { describe, expect, it } from '@jest/globals';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { EntityLoadRecord } from '../../../lib/record/load-record.js';
import { Statistics } from '../../../lib/statistics/statistics.js';
import { query, unit } from './build-unit.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes that 2,000 statements keep, each with its own text and `calls` calls spread over four decades. */
function bytesOf(calls: number): number {
  const statistics = new Statistics();
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  for (let shape = 0; shape < 2_000; shape++) {
    const text = Buffer.from(`${shape} `.padEnd(1_000, 'SELECT ')).toString('latin1');
    for (let call = 0; call < calls; call++) {
      const executeMs = 10 ** (((call * 7_919) % 4_000) / 1_000 - 1);
      const waitMs = executeMs / 3;
      const load = { kind: 'entities', id: 1, hydrateMs: executeMs / 2 } as EntityLoadRecord;
      const analysed = [query({ executeMs, waitMs, load: 1 }, { text, fingerprint: `${shape}` })];
      statistics.add(unit({ traceId: `${shape}-${call}`, loads: [load], analysed }), []);
    }
  }
  collectGarbage();
  const bytes = process.memoryUsage().heapUsed - before;
  expect(statistics.statements.size).toBe(2_000);
  return bytes;
}

describe('Statistics: memory', () => {
  it.each([1, 10, 40])('keeps 2,000 statements with %d calls each below 16 MiB', (calls) => {
    const bytes = bytesOf(calls);
    expect(bytes).toBeLessThan(16 * 1024 * 1024);
  });
});
