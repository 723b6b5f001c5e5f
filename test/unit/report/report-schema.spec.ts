import { describe, expect, it } from '@jest/globals';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';
import { readFileSync } from 'node:fs';
import { FINDING_KINDS } from '../../../lib/analysis/finding.js';
import type { QueryPlan } from '../../../lib/investigation/query-plan.js';
import type { Report } from '../../../lib/report/report.js';
import { emptyReport, sampleReport } from './sample-report.js';

interface Schema {
  readonly description?: string;
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

const schema = JSON.parse(
  readFileSync(new URL('../../../schema/report@1.json', import.meta.url), 'utf8'),
) as Schema & object;

function validator(of: object): ValidateFunction {
  const ajv = new Ajv2020({ allErrors: true, strict: true });
  // The package is CommonJS; its function is the default export's default under Node's interop.
  const addFormats = addFormatsModule.default;
  addFormats(ajv);
  return ajv.compile(of);
}

/** The same schema with every property required: what a fully populated report must satisfy. */
function allRequired(of: unknown): unknown {
  if (Array.isArray(of)) return of.map(allRequired);
  if (typeof of !== 'object' || of === null) return of;
  const copy = Object.fromEntries(Object.entries(of).map(([key, value]) => [key, allRequired(value)]));
  return 'properties' in of && 'type' in of
    ? { ...copy, required: Object.keys(of.properties as object) }
    : copy;
}

/** Every field that the TypeScript types know; the compiler says when one is missing or unknown. */
type Complete<T> = T extends readonly (infer Item)[]
  ? readonly Complete<Item>[]
  : T extends object
    ? { readonly [K in keyof T]-?: Complete<T[K]> }
    : T;

function complete(): Complete<Report> {
  const time = { wait: 1.5, execute: 2, hydrate: 0.25 };
  const percentiles = { p50: 1, p95: 2, p99: 3, max: 4 };
  const callSites = [{ file: 'src/a.ts', line: 1, column: 2, function: 'A.b' }];
  const measured = { statements: 5, rows: 9, bytes: 640, timeMs: 3.5 };
  const verified = {
    rung: 'measured',
    before: '10 ms',
    after: '1 ms',
    how: 'by hand',
    measured: { before: measured, after: measured },
  } as const;
  const advice = { text: 'Do it.', code: 'find()', choice: 'join', verified } as const;
  const at = '2026-05-01T12:00:00.000Z';
  const poolUser = {
    unit: 'GET /a',
    callSite: callSites[0]!,
    connections: 2,
    heldMs: 10,
    idle: 1,
    inTransaction: 1,
  };
  const counts = { queries: 1, errors: 0, rows: 3 };
  const node = {
    operation: 'Seq Scan',
    access: 'full-scan',
    relation: 'a',
    schema: 'public',
    alias: 'b',
    index: 'a_b',
    condition: 'c = ?',
    filter: 'd > ?',
    sortKeys: ['e'],
    rowsEstimated: 1,
    rowsActual: 2,
    rowsRemoved: 3,
    loops: 1,
    cost: 10,
    costShare: 1,
    isCostliest: true,
    timeMs: 1.5,
  } as const;
  const plan: Complete<QueryPlan> = {
    database: 'postgres',
    version: '18.0',
    values: 'generic',
    isAnalyzed: true,
    cost: 10,
    rowsRead: 5,
    rowsReturned: 2,
    root: { ...node, children: [{ ...node, children: [] }] },
    warnings: [{ kind: 'scan-discards-rows', relation: 'a', text: 'All of it.' }],
    shape: 'Seq Scan a',
  };
  return {
    schema: 'query-lens/report@1',
    generatedAt: at,
    instance: { id: 'a', pid: 1, node: '20.19.0', version: '0.1.0' },
    window: { from: at, to: at },
    totals: {
      ...counts,
      units: 1,
      timeMs: time,
      findings: { error: 0, warning: 1, info: 0 },
      batching: { loads: 1, statementsSaved: 99 },
    },
    dataSources: [
      {
        ...counts,
        name: 'default',
        driver: 'postgres',
        waitMs: percentiles,
        executeMs: percentiles,
        hydrateMs: percentiles,
      },
    ],
    routes: [
      {
        route: 'GET /a',
        kind: 'http',
        units: 1,
        failures: 0,
        durationMs: percentiles,
        queries: percentiles,
        rows: 3,
        dataSources: [{ name: 'default', queries: 3, replica: 1 }],
        timeMs: time,
        unitTimeMs: { wait: percentiles, execute: percentiles, hydrate: percentiles },
        errors: 0,
        findings: 1,
      },
    ],
    loadingStrategies: [
      {
        route: 'GET /a',
        relation: 'Author.books',
        strategy: 'lazy',
        dataSource: 'default',
        entity: 'A',
        property: 'b',
        target: 'B',
        isToMany: true,
        loadedFrom: { entity: 'A', path: ['b'] },
        isCount: true,
        fieldPath: 'authors.books',
        units: 1,
        maxLoadsPerUnit: 5,
        loads: 5,
        statements: 5,
        rows: 9,
        entities: 9,
        parents: 5,
        duplication: 1.5,
        idStatements: 1,
        fanOut: { p50: 1, p95: 2.5 },
        bytes: 900,
        timeMs: time,
        read: { loads: 5, read: 5, sentToClient: 0, copied: 0 },
        callSites,
        verdict: {
          choice: 'join',
          why: 'It is small.',
          code: 'find()',
          expected: { statements: 0, rows: 9 },
          whyNoFigures: 'Nobody knows.',
        },
      },
    ],
    slowQueries: [
      {
        fingerprint: 'ab',
        statement: 'SELECT ?',
        summary: 'SELECT',
        dataSource: 'default',
        count: 3,
        errors: 0,
        rows: 3,
        isSlow: true,
        totalMs: 400,
        waitMs: 1,
        p50Ms: 100,
        p95Ms: 120,
        p99Ms: 120,
        maxMs: 120,
        recentMs: [1, 2],
        waitPercentilesMs: percentiles,
        hydratePercentilesMs: percentiles,
        routes: ['GET /a'],
        routeShares: [{ route: 'GET /a', share: 0.4 }],
        callSites,
        examples: [{ traceId: 't', unit: 'u', durationMs: 120 }],
        plan,
        previousPlan: plan,
        advice: [advice],
        whyNot: 'No plan.',
      },
    ],
    caches: [
      {
        cache: 'default',
        pattern: 'author:*',
        via: ['application'],
        lookUps: 3,
        hitRatio: 0.5,
        hits: 1,
        misses: 1,
        stale: 0,
        coalesced: 1,
        sets: 1,
        deletes: 1,
        failures: 0,
        nulls: 0,
        tiers: { primary: 1 },
        hitMs: percentiles,
        missMs: percentiles,
        computations: { count: 1, statements: 1.5, databaseMs: 1.5, timeMs: percentiles },
        saved: { statements: 3, timeMs: 2.5 },
        bytes: { mean: 12, max: 20 },
        ttlMs: 1_000,
        betweenUsesMs: 12.5,
        entries: { stored: 1, neverFound: 0, expired: 0 },
        stampedes: { count: 1, needless: 1, worst: 2 },
        staleReads: { hits: 1, maxAgeMs: 1.5, table: 'author', writtenBy: 'POST /a' },
        overTime: [{ from: at, lookUps: 3, hits: 1 }],
        routes: ['GET /a'],
      },
    ],
    pools: [
      {
        dataSource: 'default',
        server: 'primary',
        now: [{ name: 'primary', size: 10, open: 3, idle: 1, inUse: 2, waiting: 0 }],
        holders: [poolUser],
        connections: 5,
        waitMs: percentiles,
        waited: 2,
        refused: [{ code: 'Error', count: 1 }],
        saturation: {
          episodes: 1,
          totalMs: 12.5,
          longestMs: 12.5,
          recent: [
            {
              startedAt: at,
              durationMs: 12.5,
              size: 10,
              requests: 2,
              maxWaiting: 2,
              refused: 1,
              holders: [poolUser],
              waiters: [poolUser],
            },
          ],
        },
        leakSuspects: [
          {
            unit: 'GET /a',
            callSite: callSites[0]!,
            heldMs: 40_000,
            idleMs: 35_000,
            statements: 1,
            isInTransaction: true,
          },
        ],
      },
    ],
    transactions: [
      {
        route: 'POST /a',
        dataSource: 'default',
        operation: 'save',
        entity: 'Author',
        callSite: callSites[0]!,
        count: 3,
        committed: 1,
        rolledBack: 1,
        abandoned: 1,
        durationMs: percentiles,
        statements: percentiles,
        idleMs: 1.5,
        idleShare: 0.25,
        boundaryMs: 0.5,
        maxPerUnit: 2,
        savepoints: 1,
        isolations: ['SERIALIZABLE'],
        causes: [{ code: '40P01', count: 1 }],
        longestGap: { durationMs: 1.5, before: 'SELECT a', after: 'UPDATE a', callSite: callSites[0]! },
      },
    ],
    replication: [
      {
        dataSource: 'default',
        reads: { primary: 1, replica: 2 },
        primaryWithoutNeed: 1,
        replicaAfterWrite: 1,
        places: [
          {
            concern: 'replica-after-write',
            route: 'GET /a',
            fingerprint: 'a1',
            statement: 'SELECT 1',
            table: 'a',
            count: 1,
            lastSeen: at,
            callSites,
          },
        ],
      },
    ],
    lockConflicts: [
      {
        conflict: 'deadlock',
        code: '40P01',
        dataSource: 'default',
        fingerprint: 'ab',
        statement: 'UPDATE "a" SET "b" = ?',
        tables: ['a'],
        count: 2,
        lostMs: 1_000.5,
        firstSeen: at,
        lastSeen: at,
        routes: ['POST /a'],
        callSites,
      },
    ],
    findings: [
      {
        id: '0123456789ab',
        kind: 'n-plus-one',
        severity: 'warning',
        title: 'Too many.',
        route: 'GET /a',
        dataSource: 'default',
        cacheKey: 'default author:*',
        server: 'primary',
        relation: 'Author.books',
        statement: { fingerprint: 'ab', text: 'SELECT ?' },
        callSites,
        evidence: { text: 'Seen.', facts: { statements: 5, strategy: 'lazy', isExists: false } },
        cost: { statements: 5, rows: 9, timeMs: 3.5, bytes: 640 },
        advice,
        whyNot: 'Because.',
        firstSeen: at,
        lastSeen: at,
        occurrences: 2,
        traceIds: ['t'],
      },
    ],
    self: {
      analysisMicroseconds: 12,
      unitsAnalysed: 1,
      recordsKept: 6,
      recordsDropped: 0,
      evicted: { statements: 0 },
      failures: [{ where: 'analysis', count: 1, message: 'no' }],
      degraded: ['none'],
      ignores: [{ rule: 'n-plus-one', matched: 1, isExpired: false }],
    },
  };
}

const validate = validator(schema);

function problems(report: unknown, by: ValidateFunction = validate): unknown {
  by(JSON.parse(JSON.stringify(report)));
  return by.errors ?? [];
}

describe('schema/report@1.json', () => {
  it('accepts built reports, full and empty', () => {
    expect(problems(sampleReport())).toEqual([]);
    expect(problems(emptyReport())).toEqual([]);
  });

  it('knows exactly the fields that the types know', () => {
    expect(problems(complete(), validator(allRequired(schema) as object))).toEqual([]);
  });

  it('refuses unknown and missing fields', () => {
    expect(problems({ ...complete(), extra: 1 })).not.toEqual([]);
    expect(problems({ ...complete(), totals: undefined })).not.toEqual([]);
  });

  it('knows every kind of finding', () => {
    expect(schema.$defs?.['finding']?.properties?.['kind']?.enum).toEqual([...FINDING_KINDS]);
  });

  it('describes every field and closes every object', () => {
    const visit = (of: Schema, path: string): void => {
      if (of.$ref === undefined)
        expect({ path, description: of.description ?? '' }).not.toMatchObject({ description: '' });
      if (of.type === 'object')
        expect({ path, isClosed: of.additionalProperties !== undefined }).toMatchObject({ isClosed: true });
      for (const [name, property] of Object.entries(of.properties ?? {})) visit(property, `${path}.${name}`);
      if (of.items?.type === 'object') visit(of.items, `${path}[]`);
    };
    visit(schema, 'report');
    for (const [name, definition] of Object.entries(schema.$defs ?? {})) visit(definition, name);
  });
});
