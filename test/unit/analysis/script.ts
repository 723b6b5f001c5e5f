import { createAnalyser } from '../../../lib/analysis/analyse.js';
import type { Finding } from '../../../lib/analysis/finding.js';
import { DEFAULT_THRESHOLDS, type Thresholds } from '../../../lib/analysis/thresholds.js';
import type { CallSite } from '../../../lib/record/call-site.js';
import type {
  EntityLoadRecord,
  JoinRecord,
  LoadRecord,
  ParentBatch,
  RelationLoadRecord,
} from '../../../lib/record/load-record.js';
import type { BoundValue, QueryRecord, Row } from '../../../lib/record/query-record.js';
import type { SchemaModel } from '../../../lib/record/schema-model.js';
import type { TransactionGap, TransactionRecord } from '../../../lib/record/transaction-record.js';
import type { UnitOfWork } from '../../../lib/record/unit-of-work.js';
import { expectFoundByEvery } from './every-detector.js';
import { library } from './schema.js';

export interface QueryPart extends Partial<Omit<QueryRecord, 'values' | 'callSite'>> {
  /** `file:line:column`; `null` for none. */
  readonly at?: string | null;
  readonly rows?: readonly Row[];
  readonly values?: readonly BoundValue[];
  /** Nothing runs for so long before it. */
  readonly afterMs?: number;
}

/** Writes down what a unit of work did, one statement after another, as capture would have recorded it. */
export class Script {
  private readonly queries: QueryRecord[] = [];
  private readonly loads: LoadRecord[] = [];
  private readonly batches: ParentBatch[] = [];
  private readonly open: number[] = [];
  private readonly transactions: TransactionRecord[] = [];
  private openTransaction: number | undefined;
  private clockMs = 0;

  constructor(private readonly schema: SchemaModel = library) {}

  query(statement: string, part: QueryPart = {}): this {
    const { at = 'src/list.ts:10:5', rows, values = [], afterMs = 0, ...rest } = part;
    const startMs = rest.startMs ?? this.clockMs + afterMs;
    const record: QueryRecord = {
      kind: 'query',
      sequence: this.queries.length,
      dataSource: 'default',
      statement,
      values: { kept: values, count: values.length, digest: digest(values) },
      via: 'query',
      runner: 1,
      transaction: this.openTransaction,
      load: this.open.at(-1),
      startMs,
      waitMs: 0,
      executeMs: 1,
      rowsReturned: rows?.length,
      rowSample: rows,
      callSite: at === null ? undefined : siteOf(at),
      ...rest,
    };
    this.queries.push(record);
    this.clockMs = Math.max(this.clockMs, record.startMs + record.waitMs + record.executeMs);
    return this;
  }

  /** A list or single entity of a class, read by its repository. Answers the batch its entities form. */
  entities(
    entity: string,
    rows: readonly Row[],
    part: QueryPart & {
      readonly load?: never;
      readonly of?: Partial<EntityLoadRecord>;
      readonly sql?: string;
      readonly from?: ParentBatch['from'];
    } = {},
  ): number {
    const { of = {}, sql = selectOf(entity, rows), from, ...query } = part;
    const load = this.begin();
    this.query(sql, { ...query, rows });
    const batch = this.batch(entity, of.entities ?? rows.length, load, from);
    this.end({
      kind: 'entities',
      entity,
      joins: [],
      isFind: true,
      where: [],
      relationLoadStrategy: 'join',
      rawRows: rows.length,
      entities: rows.length,
      batch,
      hydrateMs: 0,
      ...this.basis(load),
      ...of,
    });
    return batch;
  }

  /** One call of the relation loader. */
  relation(
    path: string,
    parentBatch: number | undefined,
    rows: readonly Row[],
    part: QueryPart & { readonly of?: Partial<RelationLoadRecord> } = {},
  ): this {
    const { of = {}, ...query } = part;
    const [entity = '', relation = ''] = path.split('.');
    const target = this.schema.entities
      .find(({ name }) => name === entity)
      ?.relations.find(({ property }) => property === relation);
    const load = this.begin();
    this.query(`SELECT * FROM ${target?.target.toLowerCase()} WHERE id = $1`, { rows, ...query });
    this.end({
      kind: 'relation',
      how: 'lazy',
      entity,
      relation,
      target: target?.target ?? '',
      isToMany: target?.kind.endsWith('to-many') === true,
      parents: 1,
      parentBatch,
      entities: rows.length,
      ...this.basis(load),
      ...of,
    });
    return this;
  }

  /** One `save` with what it sends. */
  save(entity: string, entities: number, statements: (script: this) => void): this {
    const load = this.begin();
    statements(this);
    this.end({ kind: 'persist', operation: 'save', entity, entities, ...this.basis(load) });
    return this;
  }

  /** A transaction around statements; nothing runs for `idle` milliseconds before its end, more before its statements. */
  transaction(
    statements: (script: this) => void,
    of: Partial<TransactionRecord> & { readonly idle?: number } = {},
  ): this {
    const { idle = 0, ...record } = of;
    const id = this.transactions.length + 1;
    const [startMs, first] = [this.clockMs, this.queries.length];
    this.openTransaction = id;
    statements(this);
    this.openTransaction = undefined;
    const queries = this.queries.slice(first);
    const lastMs = this.clockMs;
    this.clockMs += idle;
    const gaps: TransactionGap[] = [];
    let freeMs = startMs;
    for (const query of queries) {
      if (query.startMs > freeMs) gaps.push({ startMs: freeMs, durationMs: query.startMs - freeMs });
      freeMs = query.startMs + query.waitMs + query.executeMs;
    }
    if (idle > 0) gaps.push({ startMs: lastMs, durationMs: idle });
    this.transactions.push({
      kind: 'transaction',
      id,
      dataSource: 'default',
      runner: 1,
      startMs,
      durationMs: this.clockMs - startMs,
      outcome: 'committed',
      statements: queries.length,
      savepoints: 0,
      idleMs: gaps.reduce((sum, { durationMs }) => sum + durationMs, 0),
      gaps,
      boundaryMs: 0,
      callSite: siteOf('src/transaction.ts:5:3'),
      ...record,
    });
    return this;
  }

  batch(entity: string, size: number, load?: number, from?: ParentBatch['from']): number {
    const id = this.batches.length + 1;
    this.batches.push({ id, entity, size, load, from });
    return id;
  }

  unit(of: Partial<UnitOfWork> = {}): UnitOfWork {
    return {
      id: 'u1',
      kind: 'http',
      name: 'GET /authors',
      startedAt: 0,
      durationMs: this.clockMs,
      queries: this.queries,
      loads: [...this.loads].sort((one, other) => one.id - other.id),
      caches: [],
      batches: this.batches,
      transactions: this.transactions,
      pools: [],
      dropped: { queries: 0, loads: 0, cacheAccesses: 0 },
      ...of,
    };
  }

  findings(thresholds: Partial<Thresholds> = {}, of: Partial<UnitOfWork> = {}): readonly Finding[] {
    const schemas = new Map([['default', this.schema]]);
    const all = { ...DEFAULT_THRESHOLDS, ...thresholds };
    const analysis = createAnalyser()(this.unit(of), schemas, all);
    expectFoundByEvery(analysis, all);
    return analysis.findings;
  }

  /** `kind relation` of each finding. */
  kinds(thresholds: Partial<Thresholds> = {}): readonly string[] {
    return this.findings(thresholds).map(({ kind, relation }) => [kind, relation].filter(Boolean).join(' '));
  }

  private begin(): number {
    const id = this.loads.length + this.open.length + 1;
    this.open.push(id);
    return id;
  }

  private end(load: LoadRecord): void {
    this.open.pop();
    this.loads.push(load);
  }

  private basis(id: number) {
    return { id, parentLoad: this.open.at(-2), dataSource: 'default', startMs: 0, durationMs: this.clockMs };
  }
}

/** Rows with ids from 1. */
export function rows(count: number, more: (id: number) => Row = () => ({})): readonly Row[] {
  return Array.from({ length: count }, (_, index) => ({ id: index + 1, ...more(index + 1) }));
}

export function join(of: Partial<JoinRecord> & Pick<JoinRecord, 'entity' | 'relation'>): JoinRecord {
  return {
    alias: of.relation,
    parentAlias: of.entity,
    isSelected: true,
    isEager: false,
    isToMany: true,
    ...of,
  };
}

function siteOf(at: string): CallSite {
  const [file = '', line = '1', column = '1'] = at.split(':');
  return { file, line: Number(line), column: Number(column), function: 'Service.run' };
}

function selectOf(entity: string, list: readonly Row[]): string {
  return `SELECT ${Object.keys(list[0] ?? { id: 1 })
    .map((name) => `"${name}"`)
    .join(', ')} FROM "${entity.toLowerCase()}"`;
}

function digest(values: readonly BoundValue[]): number {
  let hash = 7;
  for (const unit of values.map(String).join('|')) hash = (Math.imul(hash, 31) + unit.charCodeAt(0)) | 0;
  return hash;
}
