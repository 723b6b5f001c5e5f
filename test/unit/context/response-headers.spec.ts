import { describe, expect, it } from '@jest/globals';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeHeaders, type ResponseHeaders } from '../../../lib/context/response-headers.js';
import { serverTiming } from '../../../lib/context/server-timing.js';
import type { CacheRecord } from '../../../lib/record/cache-record.js';
import type { QueryRecord } from '../../../lib/record/query-record.js';

/** A real response, answered by `answer` after the hook has been put on. */
async function respond(
  answer: (response: ServerResponse) => void,
  headers: () => ResponseHeaders = () => ({ 'x-lens': 'a' }),
): Promise<{ response: Response; body: string; failures: unknown[] }> {
  const failures: unknown[] = [];
  const server = createServer((_, response) => {
    beforeHeaders(response, headers, (error) => failures.push(error));
    answer(response);
  });
  await new Promise<void>((listens) => server.listen(0, '127.0.0.1', listens));
  try {
    const response = await fetch(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
    return { response, body: await response.text(), failures };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('headers at the last moment', () => {
  it('are added however the response is sent', async () => {
    const ways: ((response: ServerResponse) => void)[] = [
      (response) => response.end('x'),
      (response) => {
        response.write('x');
        response.end();
      },
      (response) => response.writeHead(200).end('x'),
      (response) => response.writeHead(200, { 'x-own': '1' }).end('x'),
      (response) => response.writeHead(200, 'Fine', { 'x-own': '1' }).end('x'),
      (response) => response.writeHead(200, ['x-own', '1']).end('x'),
      (response) => {
        response.setHeader('x-own', '1');
        response.writeHead(200, { 'content-type': 'text/plain' }).end('x');
      },
      (response) => {
        response.flushHeaders();
        response.end('x');
      },
    ];
    for (const way of ways) {
      const { response, body, failures } = await respond(way);
      expect([response.status, body, response.headers.get('x-lens'), failures]).toEqual([200, 'x', 'a', []]);
    }
  });

  it('leave what the application has set, in front', async () => {
    const answers: ((response: ServerResponse) => void)[] = [
      (response) => response.setHeader('X-Lens', 'own').end(),
      (response) => response.setHeader('X-Lens', ['own']).end(),
      (response) => response.writeHead(200, { 'X-LENS': 'own' }).end(),
    ];
    for (const answer of answers)
      expect((await respond(answer)).response.headers.get('x-lens')).toBe('own, a');
  });

  it('never break a response', async () => {
    const broken = (): ResponseHeaders => {
      throw new Error('oh');
    };
    const { response, body, failures } = await respond((answer) => answer.writeHead(201).end('x'), broken);
    expect([response.status, body, failures]).toEqual([201, 'x', [new Error('oh')]]);
    const wrong = await respond(
      (answer) => answer.end('x'),
      () => ({ 'x-lens': 'not\nallowed' }),
    );
    expect([wrong.body, wrong.failures.length]).toEqual(['x', 1]);
  });
});

describe('the value of Server-Timing', () => {
  const query = (startMs: number, waitMs: number, executeMs: number) =>
    ({ startMs, waitMs, executeMs }) as QueryRecord;

  it('counts what ran side by side once', () => {
    const timing = (...queries: QueryRecord[]) => serverTiming({ queries, accesses: [] });
    expect(serverTiming()).toBe('db;dur=0;desc="0 queries"');
    expect(timing(query(0, 0, 10.04))).toBe('db;dur=10;desc="1 query"');
    expect(timing(query(0, 0, 10), query(5, 0, 10), query(30, 0, 1))).toBe('db;dur=16;desc="3 queries"');
  });

  it('tells what the caches took, without what they made others compute', () => {
    const access = (outcome: CacheRecord['outcome'], more = {}) =>
      ({ outcome, startMs: 0, durationMs: 3, ...more }) as CacheRecord;
    const computed = { startMs: 20, durationMs: 102, computation: { startMs: 21, durationMs: 100 } };
    expect(
      serverTiming({ queries: [], accesses: [access('hit'), access('hit'), access('miss', computed)] }),
    ).toBe('db;dur=0;desc="0 queries", cache;dur=5;desc="2 hits, 1 miss"');
  });

  it('tells the wait for a connection apart', () => {
    expect(serverTiming({ queries: [query(0, 4, 10), query(0, 14, 10)], accesses: [] })).toBe(
      'db;dur=20;desc="2 queries", wait;dur=14;desc="for a connection"',
    );
  });
});
