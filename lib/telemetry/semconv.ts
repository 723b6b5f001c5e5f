/**
 * Names of OpenTelemetry's semantic conventions (1.44), those that are stable and, marked, those that are not yet. Copied,
 * as its authors advise for what is not stable; a test compares them with the official package.
 */
export const SEMCONV = {
  system: 'db.system.name',
  namespace: 'db.namespace',
  summary: 'db.query.summary',
  text: 'db.query.text',
  collection: 'db.collection.name',
  operation: 'db.operation.name',
  address: 'server.address',
  port: 'server.port',
  status: 'db.response.status_code',
  errorType: 'error.type',
  /** Development. */
  returnedRows: 'db.response.returned_rows',
  /** Development, both. */
  poolName: 'db.client.connection.pool.name',
  poolState: 'db.client.connection.state',
  exceptionType: 'exception.type',
  exceptionMessage: 'exception.message',
  httpStatus: 'http.response.status_code',
  functionName: 'code.function.name',
  filePath: 'code.file.path',
  lineNumber: 'code.line.number',
} as const;

/** Development: `db.query.parameter.<key>`. */
export const PARAMETER_PREFIX = 'db.query.parameter.';

/** What no convention covers, under a name of our own. */
export const OWN = {
  dataSource: 'query_lens.data_source',
  server: 'query_lens.server',
  relation: 'query_lens.relation',
  strategy: 'query_lens.loading_strategy',
  parentBatchSize: 'query_lens.parent_batch_size',
  repeat: 'query_lens.repeat',
  waitMs: 'query_lens.wait_ms',
  executeMs: 'query_lens.execute_ms',
  unitKind: 'query_lens.unit.kind',
  unitName: 'query_lens.unit.name',
  transaction: 'query_lens.transaction.id',
  position: 'query_lens.transaction.position',
  outcome: 'query_lens.transaction.outcome',
  idleShare: 'query_lens.transaction.idle_share',
  statements: 'query_lens.statements',
  rows: 'query_lens.rows',
  entity: 'query_lens.entity',
  entities: 'query_lens.entities',
  cacheName: 'query_lens.cache.name',
  cacheOperation: 'query_lens.cache.operation',
  cacheKeys: 'query_lens.cache.key_patterns',
  cacheHit: 'query_lens.cache.hit',
  cacheTier: 'query_lens.cache.tier',
  cacheOutcome: 'query_lens.cache.outcome',
  cacheVia: 'query_lens.cache.via',
  cacheKeyCount: 'query_lens.cache.keys',
  cacheFound: 'query_lens.cache.found',
  queries: 'query_lens.queries',
  dbTimeMs: 'query_lens.db_time_ms',
  findings: 'query_lens.findings',
  findingKinds: 'query_lens.finding.kinds',
  findingKind: 'query_lens.finding.kind',
  findingSeverity: 'query_lens.finding.severity',
  findingTitle: 'query_lens.finding.title',
  findingAdvice: 'query_lens.finding.advice',
  findingPlace: 'query_lens.finding.place',
} as const;

/** Development, without `other_sql`: what a driver of TypeORM is called in `db.system.name`. */
const SYSTEM_NAMES: ReadonlyMap<string, string> = new Map([
  ['postgres', 'postgresql'],
  ['aurora-postgres', 'postgresql'],
  ['mysql', 'mysql'],
  ['aurora-mysql', 'mysql'],
  ['mariadb', 'mariadb'],
  ['mssql', 'microsoft.sql_server'],
  ['oracle', 'oracle.db'],
  ['cockroachdb', 'cockroachdb'],
  ['sap', 'sap.hana'],
  ['spanner', 'gcp.spanner'],
]);

const SQLITE: ReadonlySet<string> = new Set([
  'sqlite',
  'better-sqlite3',
  'sqljs',
  'capacitor',
  'cordova',
  'expo',
  'nativescript',
  'react-native',
]);

/** `db.system.name`, for TypeORM's driver type. */
export function systemName(driver: string): string {
  return SQLITE.has(driver) ? 'sqlite' : (SYSTEM_NAMES.get(driver) ?? 'other_sql');
}
