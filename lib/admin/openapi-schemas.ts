import { ACTION_NAMES } from './admin-actions.js';
import { REPORT_SCHEMA, type ReportSchema } from './report-schema.js';

type Fields = Readonly<Record<string, object>>;

const COUNT = { type: 'integer', minimum: 0 };
const MS = { type: 'number', minimum: 0, description: 'Milliseconds.' };
const SHARE = { type: 'number', minimum: 0, maximum: 1 };
const TEXT = { type: 'string' };
const YES = { const: true };
const TIME = { type: 'string', format: 'date-time' };

/** Every field is required but those of `optional`. */
function object(fields: Fields, optional: Fields = {}): object {
  const required = Object.keys(fields);
  return {
    type: 'object',
    properties: { ...fields, ...optional },
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}

function listOf(items: object): object {
  return { type: 'array', items };
}

function ref(name: string): object {
  return { $ref: `#/components/schemas/${name}` };
}

/** The schema of one field of the report. */
export function fieldSchema(name: string): object {
  return moved(REPORT_SCHEMA.properties[name]) as object;
}

const AREA = object({
  name: TEXT,
  state: { enum: ['error', 'warning', 'info', 'good', 'unused'] },
  text: TEXT,
  findings: COUNT,
});

const COUNTS = [
  'routes',
  'loadingStrategies',
  'loadingStrategiesToChange',
  'slowQueries',
  'statements',
  'caches',
  'pools',
  'transactions',
  'lockConflicts',
  'findings',
];

function summary(): object {
  const own = ['generatedAt', 'instance', 'window', 'totals', 'dataSources'];
  return object({
    ...Object.fromEntries(own.map((name) => [name, fieldSchema(name)])),
    worst: listOf(ref('finding')),
    areas: listOf(AREA),
    counts: object(Object.fromEntries(COUNTS.map((name) => [name, COUNT]))),
    actions: { ...listOf({ enum: ACTION_NAMES }), description: 'What this reader may do.' },
    hasSession: { type: 'boolean' },
    isPaused: { type: 'boolean' },
    verifiesLoading: { type: 'boolean', description: 'Whether `verify` can try advice on loading.' },
  });
}

const UNIT_KIND = { type: 'string', description: '`http`, `graphql`, `message`, `cron`, ...' };

const UNIT: readonly [fields: Fields, optional: Fields] = [
  {
    id: TEXT,
    kind: UNIT_KIND,
    name: TEXT,
    startedAt: TIME,
    durationMs: MS,
    queries: COUNT,
    rows: COUNT,
    timeMs: object({ wait: MS, execute: MS }),
    findings: listOf(object({ kind: TEXT, severity: { enum: ['error', 'warning', 'info'] }, title: TEXT })),
    omitted: { ...COUNT, description: 'Statements, loads and accesses of caches that are not kept.' },
  },
  { status: { type: 'integer' }, isAborted: YES, isAfterResponse: YES, traceId: TEXT },
];

const STATEMENT = object(
  {
    sequence: COUNT,
    dataSource: TEXT,
    fingerprint: TEXT,
    statement: { ...TEXT, description: 'Normalised: values as `?`.' },
    startMs: MS,
    waitMs: MS,
    executeMs: MS,
  },
  {
    rows: COUNT,
    error: TEXT,
    transaction: { type: 'integer' },
    fieldPath: TEXT,
    callSite: ref('callSite'),
    isAfterResponse: YES,
  },
);

const CACHE_ACCESS = object(
  { cache: TEXT, operation: TEXT, outcome: TEXT, via: TEXT, pattern: TEXT, startMs: MS, durationMs: MS },
  { tier: TEXT, computeMs: MS, error: TEXT },
);

const HYDRATION = object({ entity: TEXT, entities: COUNT, startMs: MS, durationMs: MS });

function unit(): object {
  const [fields, optional] = UNIT;
  const waterfall = {
    statements: listOf(STATEMENT),
    caches: listOf(CACHE_ACCESS),
    hydrations: listOf(HYDRATION),
  };
  return object({ ...fields, ...waterfall }, optional);
}

const STATUS = { enum: ['up', 'degraded', 'down'] };

const PING = object(
  { outcome: { enum: ['answered', 'failed', 'timeout', 'skipped'] } },
  { durationMs: MS, error: TEXT },
);

const POOL_HEALTH = object({
  server: { enum: ['primary', 'replica'] },
  name: TEXT,
  size: COUNT,
  open: COUNT,
  idle: COUNT,
  inUse: COUNT,
  waiting: COUNT,
  ping: PING,
});

const RECENT = object({
  seconds: { type: 'number', minimum: 0 },
  statements: COUNT,
  errors: COUNT,
  slow: COUNT,
  p95Ms: MS,
  maxWaitMs: MS,
});

const HEALTH = object({
  status: STATUS,
  reasons: listOf(TEXT),
  dataSources: listOf(
    object(
      { name: TEXT, status: STATUS, reasons: listOf(TEXT), pools: listOf(POOL_HEALTH) },
      { recent: RECENT, cacheHitRatio: SHARE },
    ),
  ),
});

/** What the endpoints answer, by name: the report and its parts as its JSON Schema has them, and what is beside the report. */
export function openApiSchemas(): Readonly<Record<string, object>> {
  const { $defs, ...report } = REPORT_SCHEMA as ReportSchema & { $id?: string; $schema?: string };
  const { $id: _id, $schema: _schema, ...whole } = report;
  return {
    report: moved(whole) as object,
    ...(moved($defs) as Readonly<Record<string, object>>),
    summary: summary(),
    unitSummary: object(...UNIT),
    unit: unit(),
    health: HEALTH,
  };
}

/** The same with its references to where OpenAPI has schemas. */
function moved(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(moved);
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === '$ref' ? String(value).replace('#/$defs/', '#/components/schemas/') : moved(value),
    ]),
  );
}
