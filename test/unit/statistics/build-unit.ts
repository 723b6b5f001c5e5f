import { createHash } from 'node:crypto';
import { BatchIndex } from '../../../lib/analysis/batch-index.js';
import type { AnalysedUnit } from '../../../lib/analysis/detector.js';
import type { Finding } from '../../../lib/analysis/finding.js';
import { LoadTree } from '../../../lib/analysis/load-tree.js';
import { TimeLine } from '../../../lib/analysis/time-line.js';
import type { AnalysedQuery, RelationLoad } from '../../../lib/analysis/relation-load.js';
import type { CallSite } from '../../../lib/record/call-site.js';
import type { QueryRecord } from '../../../lib/record/query-record.js';
import type { UnitOfWork } from '../../../lib/record/unit-of-work.js';
import type { Statement } from '../../../lib/sql/statement.js';

export const NOON = Date.UTC(2026, 4, 1, 12);

export function site(file = 'src/authors.service.ts', line = 42, name = 'AuthorsService.list'): CallSite {
  return { file, line, column: 5, function: name };
}

/** Stands for the real one: sixteen digits, equal for equal texts. */
export function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

export function query(
  record: Partial<QueryRecord> = {},
  statement: Partial<Statement> | string = {},
): AnalysedQuery {
  const text = typeof statement === 'string' ? statement : (statement.text ?? 'SELECT * FROM "author"');
  return {
    record: {
      kind: 'query',
      sequence: 0,
      dataSource: 'default',
      statement: text,
      values: { kept: [], count: 0, digest: 0 },
      via: 'query',
      runner: 1,
      startMs: 0,
      waitMs: 0,
      executeMs: 1,
      rowsReturned: 1,
      callSite: site(),
      ...record,
    },
    statement: {
      fingerprint: fingerprint(text),
      text,
      kind: 'select',
      operation: 'SELECT',
      summary: 'SELECT author',
      tables: [],
      predicates: [],
      columnPairs: [],
      values: [],
      isCount: false,
      isExists: false,
      isAggregate: false,
      isLocking: false,
      isDistinctIds: false,
      valuesRows: 0,
      ...(typeof statement === 'string' ? {} : statement),
    },
  };
}

export function relationLoad(load: Partial<RelationLoad> = {}): RelationLoad {
  const property = load.property ?? 'books';
  const entity = load.entity ?? 'Author';
  return {
    strategy: 'lazy',
    dataSource: 'default',
    relation: `${entity}.${property}`,
    entity,
    property,
    target: 'Book',
    isToMany: true,
    parents: 1,
    queries: [query()],
    rows: 3,
    entities: 3,
    fanOut: 3,
    maxFanOut: 3,
    timeMs: { wait: 0, execute: 1, hydrate: 0.5 },
    callSites: [site()],
    depth: 0,
    identity: 'one',
    isCount: false,
    isKeyList: false,
    isFirstRows: false,
    ...load,
  };
}

export function unit(
  parts: Partial<UnitOfWork> & {
    readonly analysed?: readonly AnalysedQuery[];
    readonly relationLoads?: readonly RelationLoad[];
    readonly schemas?: AnalysedUnit['schemas'];
  } = {},
): AnalysedUnit {
  const { analysed = [], relationLoads = [], schemas = new Map(), ...of } = parts;
  const work: UnitOfWork = {
    id: 'u1',
    kind: 'http',
    name: 'GET /authors',
    startedAt: NOON,
    durationMs: 20,
    queries: analysed.map(({ record }) => record),
    loads: [],
    caches: [],
    batches: [],
    transactions: [],
    pools: [],
    dropped: { queries: 0, loads: 0, cacheAccesses: 0 },
    ...of,
  };
  const tree = new LoadTree(work, analysed);
  return {
    unit: work,
    queries: analysed,
    relationLoads,
    repeatedLoads: [],
    doubleLoads: [],
    tree,
    timeLine: new TimeLine(analysed, tree, () => undefined),
    batches: new BatchIndex(work, tree),
    schemas,
  };
}

export function finding(of: Partial<Finding> = {}): Finding {
  return {
    kind: 'n-plus-one',
    severity: 'warning',
    title: 'Author.books was loaded 50 times, once for each author',
    route: 'GET /authors',
    dataSource: 'default',
    relation: 'Author.books',
    callSites: [site()],
    evidence: {
      text: '50 statements with 50 different keys for one list of 50 authors.',
      facts: { statements: 50 },
    },
    cost: { statements: 50, rows: 150, timeMs: 38 },
    advice: { text: 'Load it with the list.', code: 'relations: { books: true }' },
    ...of,
  };
}
