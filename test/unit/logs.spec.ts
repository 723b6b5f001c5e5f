import { describe, expect, it, jest } from '@jest/globals';
import { ConsoleLogger } from '@nestjs/common';
import type { Finding } from '../../lib/analysis/finding.js';
import { createAnalyser } from '../../lib/analysis/analyse.js';
import { DEFAULT_THRESHOLDS } from '../../lib/analysis/thresholds.js';
import { FindingLog } from '../../lib/log-findings.js';
import { QueryLog } from '../../lib/log-queries.js';
import type { QueryLogRecord } from '../../lib/logged-query.js';
import { maskMessage } from '../../lib/sql/mask-message.js';
import { OwnFailures } from '../../lib/own-failures.js';
import type { QueryRecord } from '../../lib/record/query-record.js';

/** Keeps what is written: level and message. */
class RecordingLog {
  readonly written: [string, unknown][] = [];
  readonly error = (message: unknown) => void this.written.push(['error', message]);
  readonly warn = (message: unknown) => void this.written.push(['warn', message]);
  readonly log = (message: unknown) => void this.written.push(['log', message]);
}

function finding(statements: number, place = '', severity: Finding['severity'] = 'warning'): Finding {
  return {
    kind: 'n-plus-one',
    severity,
    title: 'Author.books was loaded once per author',
    route: `GET /authors${place}`,
    dataSource: 'default',
    relation: 'Author.books',
    callSites: [{ file: 'src/authors.service.ts', line: 42, column: 1, function: 'AuthorsService.list' }],
    evidence: { text: '', facts: {} },
    cost: { statements, rows: statements, timeMs: 1 },
    advice: { text: '' },
  };
}

describe('findings in the log', () => {
  it('are one searchable line, with the trace', () => {
    const log = new RecordingLog();
    new FindingLog(log).add([finding(50)], 'abc');
    expect(log.written).toEqual([
      [
        'warn',
        'n-plus-one Author.books x50 GET /authors authors.service.ts:42 in AuthorsService.list trace abc',
      ],
    ]);
  });

  it('are written once for each place', () => {
    const log = new RecordingLog();
    const findings = new FindingLog(log);
    for (const one of [finding(50), finding(50), finding(50, '/all'), finding(499)])
      findings.add([one], undefined);
    expect(log.written).toHaveLength(2);
  });

  it('belong to the place that is known, where their call site was not sampled', () => {
    const log = new RecordingLog();
    const findings = new FindingLog(log);
    findings.add([finding(50)], undefined);
    findings.add([{ ...finding(50), callSites: [] }], undefined);
    expect(log.written).toHaveLength(1);
  });

  it('are written again when they got ten times worse', () => {
    const log = new RecordingLog();
    const findings = new FindingLog(log);
    for (const statements of [50, 500, 600, 4_999, 5_000]) findings.add([finding(statements)], undefined);
    expect(log.written.map(([, line]) => /x\S+/.exec(String(line))?.[0].replace(/\D/g, ''))).toEqual([
      '50',
      '500',
      '5000',
    ]);
  });

  it('have the level of their severity', () => {
    const log = new RecordingLog();
    const findings = new FindingLog(log);
    findings.add(
      [finding(5, '/1', 'error'), finding(5, '/2', 'warning'), finding(5, '/3', 'info')],
      undefined,
    );
    expect(log.written.map(([level]) => level)).toEqual(['error', 'warn', 'log']);
  });

  it('are remembered for 1,000 places and no more', () => {
    const log = new RecordingLog();
    const findings = new FindingLog(log);
    for (let place = 0; place < 1_500; place++) findings.add([finding(5, `/${String(place)}`)], undefined);
    expect(log.written).toHaveLength(1_000);
  });
});

const slow: QueryRecord = {
  kind: 'query',
  sequence: 0,
  dataSource: 'default',
  statement: "SELECT * FROM author WHERE name = 'secret'",
  values: { kept: ['secret'], count: 1, digest: 1 },
  via: 'query',
  runner: 1,
  startMs: 0,
  waitMs: 1.24,
  executeMs: 612.34,
  rowsReturned: 3,
  callSite: { file: 'src/authors.service.ts', line: 42, column: 1, function: 'AuthorsService.list' },
};
const failing: QueryRecord = {
  ...slow,
  executeMs: 1,
  error: { type: 'DatabaseError', code: '22P02', message: 'invalid input syntax for type integer: "secret"' },
};

function logged(queries: QueryRecord[], options = {}, times: readonly number[] = [0]): QueryLogRecord[] {
  const log = new RecordingLog();
  const queryLog = new QueryLog(log, {
    slowQueryMs: 100,
    logSlowQueries: true,
    logFailingQueries: true,
    ...options,
  });
  const dropped = { queries: 0, loads: 0, cacheAccesses: 0 };
  const unit = {
    id: '1',
    kind: 'http',
    name: 'GET /authors',
    startedAt: 0,
    durationMs: 700,
    queries,
    loads: [],
    caches: [],
    batches: [],
    transactions: [],
    pools: [],
    dropped,
    traceId: 'abc',
  } as const;
  const { analysed } = createAnalyser()(unit, new Map(), DEFAULT_THRESHOLDS);
  for (const time of times) queryLog.add(analysed, time);
  return log.written.map(([, message]) => message as QueryLogRecord);
}

describe('statements in the log', () => {
  it("are one line in Nest's console, and fields in its JSON", () => {
    const records = logged([slow, failing]);
    const written = (json: boolean) => {
      const lines: string[] = [];
      const write = jest
        .spyOn(process.stdout, 'write')
        .mockImplementation((text) => lines.push(String(text)) > 0);
      const logger = new ConsoleLogger('QueryLens', { json, colors: false });
      for (const record of records) logger.warn(record);
      write.mockRestore();
      return lines.map((one) => one.trimEnd());
    };
    const [first = '', second = '', ...others] = written(false);
    expect(others).toEqual([]);
    expect(first).toMatch(
      /WARN \[QueryLens\] slow-query 612 ms SELECT author GET \/authors authors\.service\.ts:42 in AuthorsService\.list \(3 rows, waited 1 ms\) trace abc$/,
    );
    expect(second).toMatch(/failing-query 22P02 .*: invalid input syntax for type integer: .* trace abc$/);
    expect(written(true).map((one) => (JSON.parse(one) as { message: unknown }).message)).toEqual(
      records.map((record) => ({ ...record })),
    );
    expect(Object.keys(records[0] ?? {})).toContain('fingerprint');
  });

  it('are records with the figures and without values', () => {
    const [record] = logged([slow]);
    expect(record).toMatchObject({
      event: 'slow-query',
      unit: 'GET /authors',
      dataSource: 'default',
      executeMs: 612.3,
      waitMs: 1.2,
      rows: 3,
      callSite: 'authors.service.ts:42 in AuthorsService.list',
      traceId: 'abc',
      msg: 'slow-query 612 ms SELECT author GET /authors authors.service.ts:42 in AuthorsService.list',
    });
    expect(JSON.stringify(record)).not.toContain('secret');
  });

  it('say how they failed, without values', () => {
    const [record] = logged([failing]);
    expect(record).toMatchObject({
      event: 'failing-query',
      error: { type: 'DatabaseError', code: '22P02', message: 'invalid input syntax for type integer: ?' },
    });
    expect(JSON.stringify(record)).not.toContain('secret');
  });

  it('are one a minute, and say how many were left out', () => {
    const records = logged([slow], {}, [0, 1_000, 59_999, 60_000, 60_001]);
    expect(records.map(({ suppressed }) => suppressed)).toEqual([undefined, 2]);
  });

  it('are slow from the threshold on', () => {
    expect(logged([{ ...slow, executeMs: 99.9 }])).toHaveLength(0);
    expect(logged([{ ...slow, executeMs: 100 }])).toHaveLength(1);
  });

  it('are left out where they read the catalog: schema work is slow at every start', () => {
    expect(logged([{ ...slow, statement: 'SELECT * FROM "information_schema"."columns"' }])).toEqual([]);
  });

  it('are left out where the options say so', () => {
    expect(logged([slow, failing], { logSlowQueries: false }).map(({ event }) => event)).toEqual([
      'failing-query',
    ]);
    expect(logged([slow, failing], { logFailingQueries: false }).map(({ event }) => event)).toEqual([
      'slow-query',
    ]);
  });
});

describe('a masked message', () => {
  it.each([
    ['invalid input syntax for type uuid: "1f2e"', 'invalid input syntax for type uuid: ?'],
    ['value "99999999999" is out of range for type integer', 'value ? is out of range for type integer'],
    ['column "nmae" does not exist', 'column "nmae" does not exist'],
    [
      'duplicate key value violates unique constraint "UQ_1"',
      'duplicate key value violates unique constraint "UQ_1"',
    ],
    ["Duplicate entry 'ann@example.org' for key 'user.email'", "Duplicate entry ? for key 'user.email'"],
    ['Key (email)=(ann@example.org) already exists.', 'Key (email)=(?) already exists.'],
    ['UNIQUE constraint failed: user.email', 'UNIQUE constraint failed: user.email'],
    ['invalid input syntax for type integer: "a"secret"', 'invalid input syntax for type integer: ?'],
    ["Duplicate entry 'o'secret' for key 'user.email'", "Duplicate entry ? for key 'user.email'"],
    ["... near 'x = 'secret'' at line 3", '... near ? at line ?'],
    [`invalid input value for enum mood "${'secret '.repeat(60)}`, 'invalid input value for enum mood ?'],
    [
      'You have an error in your SQL syntax near \'WHERE name = "Ann"\' at line 1',
      'You have an error in your SQL syntax near ? at line ?',
    ],
  ])('of %s', (message, masked) => {
    expect(maskMessage(message)).toBe(masked);
  });
});

describe('failures of QueryLens itself', () => {
  it('are counted, and logged once for each kind', () => {
    const lines: string[] = [];
    const failures = new OwnFailures((line) => lines.push(line));
    for (const where of ['analysis', 'analysis', 'http'])
      failures.failed(where, new Error(`broken ${where}`));
    expect(lines).toEqual([
      'QueryLens failed in analysis and goes on without it: broken analysis',
      'QueryLens failed in http and goes on without it: broken http',
    ]);
    expect(failures.list()).toMatchObject([
      { where: 'analysis', count: 2 },
      { where: 'http', count: 1 },
    ]);
  });

  it('survive a logger that throws', () => {
    const failures = new OwnFailures(() => {
      throw new Error('no disk');
    });
    failures.failed('analysis', 'text');
    expect(failures.list()).toEqual([{ where: 'analysis', count: 1, message: 'text' }]);
  });
});
