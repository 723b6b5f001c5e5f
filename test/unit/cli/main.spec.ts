import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandError, type Command } from '../../../lib/cli/command.js';
import { main } from '../../../lib/cli/main.js';
import { VERSION } from '../../../lib/version.js';
import { sampleReport } from '../report/sample-report.js';

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(
  args: readonly string[],
  env: Record<string, string> = {},
  commands?: readonly Command[],
): Promise<Outcome> {
  let [out, err] = ['', ''];
  const host = {
    env,
    fetch,
    write: (text: string) => void (out += text),
    writeError: (text: string) => void (err += text),
  };
  const code = await main(args, host, commands);
  return { code, out, err };
}

describe('query-lens', () => {
  it('explains itself, and each command', async () => {
    expect(await run(['--help'])).toMatchObject({ code: 0, out: expect.stringContaining('  report ') });
    expect(await run(['report', '--help'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('--url URL'),
    });
    expect((await run(['help', 'report'])).out).toBe((await run(['report', '-h'])).out);
    expect(await run(['--version'])).toMatchObject({ code: 0, out: `${VERSION}\n` });
  });

  it('answers wrong usage with the help and code 2', async () => {
    expect(await run([])).toMatchObject({ code: 2 });
    expect(await run(['reprot'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('no command "reprot"'),
    });
    for (const [args, message] of [
      [[], '--url is needed'],
      [['--url', 'localhost:3000'], 'a whole address is needed'],
      [['--url', 'http://a', '--format', 'yaml'], 'no format "yaml" (known: text, json, md'],
      [['--url', 'http://a', '--format', 'toString'], 'no format "toString"'],
      [['--url', 'http://a', '--header', 'x'], "'Name: value' is needed"],
      [['--url', 'http://a', '--timeout', 'soon'], 'seconds are needed'],
      [['--uri', 'http://a'], '--uri'],
    ] as const) {
      const { code, err } = await run(['report', ...args]);
      expect([code, err]).toEqual([2, expect.stringContaining(message)]);
      expect(err).toContain('Usage: query-lens report');
    }
  });

  it('tells what a command could not do from a defect of its own', async () => {
    const failing = (error: Error): Command => ({
      name: 'fail',
      summary: '',
      help: '',
      run: () => Promise.reject(error),
    });
    const refused = await run(['fail'], {}, [failing(new CommandError('no disk'))]);
    expect(refused).toEqual({ code: 1, out: '', err: 'query-lens fail: no disk\n' });
    const broken = await run(['fail'], {}, [failing(new TypeError('oops'))]);
    expect(broken).toMatchObject({ code: 1, err: expect.stringMatching(/TypeError: oops\n +at /) });
  });
});

describe('query-lens report', () => {
  let server: Server;
  let url: string;
  let answer: (request: IncomingMessage) => readonly [number, string];
  const report = sampleReport();

  beforeAll(async () => {
    server = createServer((request, response) => {
      const [status, body] = answer(request);
      response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end(body);
    });
    await new Promise<void>((listens) => server.listen(0, '127.0.0.1', listens));
    url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/api/query-lens/`;
  });

  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('prints the report in every format', async () => {
    answer = ({ url: path }) =>
      path === '/api/query-lens/report' ? [200, JSON.stringify(report)] : [404, ''];
    expect((await run(['report', '--url', url])).out).toContain('── Findings ──');
    expect((await run(['report', '--url', url, '--format', 'md'])).out).toContain('# QueryLens report');
    const html = (await run(['report', '--url', url, '--format', 'html'])).out;
    expect(html).toMatch(/^<!doctype html>[^]*id="query-lens-report"[^]*<\/html>\n$/);
    expect(JSON.parse((await run(['report', '--url', url, '--format', 'json'])).out)).toEqual(report);
  });

  it('writes a file, without colours', async () => {
    answer = () => [200, JSON.stringify(report)];
    const folder = mkdtempSync(join(tmpdir(), 'query-lens-cli-'));
    try {
      const file = join(folder, 'report.txt');
      expect(await run(['report', '--url', url, '--output', file])).toEqual({ code: 0, out: '', err: '' });
      expect(readFileSync(file, 'utf8')).toContain('── Findings ──');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('sends the token and the headers', async () => {
    answer = ({ headers }) =>
      headers.authorization === 'Bearer secret' && headers['x-key'] === 'a: b'
        ? [200, JSON.stringify(report)]
        : [401, ''];
    const args = ['report', '--url', url, '--header', 'X-Key: a: b'];
    expect((await run(args, { QUERY_LENS_TOKEN: 'secret' })).code).toBe(0);
    expect((await run([...args, '--token', 'secret'], { QUERY_LENS_TOKEN: 'other' })).code).toBe(0);
    expect(await run(args)).toMatchObject({ code: 1, err: expect.stringContaining('QUERY_LENS_TOKEN') });
  });

  it('says what is wrong with an answer', async () => {
    for (const [status, body, message] of [
      [404, '', 'Is admin open there'],
      [403, '', '--header'],
      [500, '', 'answered 500'],
      [302, '', 'answered 302'],
      [200, '<html>', 'something else than a query-lens/report@1'],
      [200, '{"schema":"other"}', 'something else than a query-lens/report@1'],
      [200, 'null', 'something else than a query-lens/report@1'],
    ] as const) {
      answer = () => [status, body];
      expect(await run(['report', '--url', url])).toMatchObject({
        code: 1,
        out: '',
        err: expect.stringContaining(message),
      });
    }
  });

  it('says that nothing answers', async () => {
    const { code, err } = await run(['report', '--url', 'http://127.0.0.1:1/query-lens']);
    expect([code, err]).toEqual([1, expect.stringContaining('Is the application running?')]);
  });
});
