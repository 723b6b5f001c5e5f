import { ACTION_NAMES } from './admin-actions.js';
import { fieldSchema, openApiSchemas } from './openapi-schemas.js';
import { VERSION } from '../version.js';

interface Endpoint {
  readonly path: string;
  readonly summary: string;
  /** Media type of the answer. */
  readonly type: string;
  /** What it answers as JSON: a field of the report, or a schema of its own. */
  readonly field?: string;
  readonly schema?: string;
  readonly isList?: true;
  readonly parameters?: readonly object[];
}

const JSON_TYPE = 'application/json';

const ENDPOINTS: readonly Endpoint[] = [
  {
    path: '/summary',
    summary: 'Totals, the worst findings, one line for each subject',
    type: JSON_TYPE,
    schema: 'summary',
  },
  {
    path: '/report',
    summary: 'The whole report; as text for a terminal with format=text',
    type: JSON_TYPE,
    schema: 'report',
    parameters: [{ name: 'format', in: 'query', schema: { type: 'string', enum: ['json', 'text'] } }],
  },
  {
    path: '/report.md',
    summary: 'The report as Markdown, for an issue or an AI assistant',
    type: 'text/markdown',
  },
  { path: '/routes', summary: 'Units of work by name', type: JSON_TYPE, field: 'routes' },
  {
    path: '/loading-strategies',
    summary: 'How each relation was loaded on each route, with a verdict',
    type: JSON_TYPE,
    field: 'loadingStrategies',
  },
  { path: '/slow-queries', summary: 'Statements by total time', type: JSON_TYPE, field: 'slowQueries' },
  { path: '/findings', summary: 'What was found, worst first', type: JSON_TYPE, field: 'findings' },
  { path: '/caches', summary: 'What each cache answered and saved', type: JSON_TYPE, field: 'caches' },
  { path: '/pools', summary: 'Connections of each data source', type: JSON_TYPE, field: 'pools' },
  {
    path: '/replication',
    summary: 'Where reads went, of data sources that have replicas',
    type: JSON_TYPE,
    field: 'replication',
  },
  {
    path: '/health',
    summary: 'How the data sources are: up, degraded, or down with status 503',
    type: JSON_TYPE,
    schema: 'health',
  },
  { path: '/transactions', summary: 'Transactions', type: JSON_TYPE, field: 'transactions' },
  {
    path: '/lock-conflicts',
    summary: 'Statements that lost a deadlock, a serialization conflict or the wait for a lock',
    type: JSON_TYPE,
    field: 'lockConflicts',
  },
  { path: '/self', summary: 'What QueryLens itself costs and could not do', type: JSON_TYPE, field: 'self' },
  {
    path: '/units',
    summary: 'The last units of work, newest first, without their statements',
    type: JSON_TYPE,
    schema: 'unitSummary',
    isList: true,
  },
  {
    path: '/units/{id}',
    summary: 'One unit of work with its statements: what its waterfall is made of',
    type: JSON_TYPE,
    schema: 'unit',
    parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
  },
  {
    path: '/events',
    summary: 'A summary whenever there is news (server-sent events)',
    type: 'text/event-stream',
  },
];

const REFUSALS = {
  '401': { description: 'The token is missing or wrong.' },
  '403': { description: 'A guard of the application refuses.' },
  '429': { description: 'Too many requests.' },
};

/**
 * The endpoints as an OpenAPI 3.1 document; its server is the admin path, beside which it is served. The schema of the
 * report is inside of it.
 */
export function openApiDocument(): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'QueryLens',
      version: VERSION,
      description: 'What an application asks of its database, and what to write instead.',
    },
    servers: [{ url: '.' }],
    security: [{ token: [] }, { session: [] }, {}],
    paths: {
      ...Object.fromEntries(ENDPOINTS.map((endpoint) => [endpoint.path, { get: operation(endpoint) }])),
      '/actions/{action}': { post: ACTION },
    },
    components: {
      schemas: openApiSchemas(),
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'query-lens-session' },
      },
    },
  };
}

function operation(endpoint: Endpoint): object {
  const { path, summary, type, parameters = [] } = endpoint;
  const answer = { description: summary, content: { [type]: { schema: schemaOf(endpoint) } } };
  return {
    operationId: path.slice(1).replace(/[^a-z]+(.)?/g, (_, next = '') => String(next).toUpperCase()),
    summary,
    parameters,
    responses: {
      '200': answer,
      ...(path === '/health' ? { '503': answer } : {}),
      ...(path.includes('{') ? { '404': { description: 'It is not there any more.' } } : {}),
      ...REFUSALS,
    },
  };
}

function schemaOf({ type, field, schema, isList }: Endpoint): object {
  if (field !== undefined) return fieldSchema(field);
  if (type !== JSON_TYPE || schema === undefined) return { type: 'string' };
  const one = { $ref: `#/components/schemas/${schema}` };
  return isList === true ? { type: 'array', items: one } : one;
}

function inQuery(name: string, description: string): object {
  return { name, in: 'query', description, schema: { type: 'string' } };
}

const ACTION = {
  operationId: 'act',
  summary:
    'Forget all figures, pause or resume recording, read plans, verify an advice; only where allowActions is set',
  parameters: [
    { name: 'action', in: 'path', required: true, schema: { type: 'string', enum: ACTION_NAMES } },
    { name: 'x-query-lens', in: 'header', required: true, schema: { type: 'string' } },
    inQuery('fingerprint', 'investigate: the statement; without it all that are slow'),
    inQuery('dataSource', 'investigate: where the statement ran'),
    inQuery('finding', 'verify: the id of the finding'),
  ],
  responses: {
    '204': { description: 'Done.' },
    '404': { description: 'There is nothing such to do.' },
    ...REFUSALS,
  },
};
