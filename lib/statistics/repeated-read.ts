import { createHash } from 'node:crypto';
import { valuesIdentity } from '../analysis/query-values.js';
import type { AnalysedQuery } from '../analysis/relation-load.js';
import type { CallSite } from '../record/call-site.js';
import type { QueryRecord } from '../record/query-record.js';
import { cutText } from '../record/cut-text.js';
import type { UnitOfWork } from '../record/unit-of-work.js';
import { addCallSite } from './add-call-site.js';
import type { AskedBy, ReadInput } from './read-inputs.js';
import { MAX_TEXT_LENGTH } from './statistics-limits.js';

/** Rows of one result that are compared. */
const MAX_COMPARED = 20;
/** Of a value. */
const MAX_CHARACTERS = 64;
/** Longer identities are replaced by their digest. */
const MAX_IDENTITY = 100;
const MAX_ROUTES = 5;

/** One statement with the same values, run by unit after unit. A run of equal results ends with a write to its tables. */
export class RepeatedRead {
  readonly fingerprint: string;
  readonly text: string;
  readonly dataSource: string;
  readonly tables: readonly string[];
  readonly askedBy: AskedBy;
  readonly inputs: readonly ReadInput[];
  firstSeen: number;
  lastSeen = 0;
  /** Units of work with an equal result. */
  units = 0;
  /** Time of all reads of the run, waits for a connection included, in milliseconds. */
  timeMs = 0;
  rows = 0;
  readonly routes = new Set<string>();
  readonly callSites: CallSite[] = [];
  /** Row count and a digest of the first rows, those that are kept of them; undefined before the first read. */
  private result: number | undefined;
  private resultRows = -1;
  private lastUnit = '';

  constructor(
    of: Pick<
      RepeatedRead,
      'fingerprint' | 'text' | 'dataSource' | 'tables' | 'askedBy' | 'inputs' | 'firstSeen'
    >,
  ) {
    this.fingerprint = of.fingerprint;
    this.text = cutText(of.text, MAX_TEXT_LENGTH);
    this.dataSource = of.dataSource;
    this.tables = of.tables;
    this.askedBy = of.askedBy;
    this.inputs = of.inputs;
    this.firstSeen = of.firstSeen;
  }

  add(query: AnalysedQuery, unit: UnitOfWork, at: number): void {
    const { record } = query;
    const result = digestOf(record);
    const resultRows = record.rowsReturned ?? -1;
    if (this.result !== undefined && (this.result !== result || this.resultRows !== resultRows))
      this.restart(at);
    this.result = result;
    this.resultRows = resultRows;
    if (this.lastUnit !== unit.id) this.units++;
    this.lastUnit = unit.id;
    this.timeMs += record.waitMs + record.executeMs;
    this.rows = record.rowsReturned ?? 0;
    this.lastSeen = at;
    if (this.routes.size < MAX_ROUTES) this.routes.add(unit.name);
    addCallSite(this.callSites, record.callSite);
  }

  merge(other: RepeatedRead): void {
    if (this.result !== undefined && !this.hasResultOf(other)) {
      if (this.lastSeen >= other.lastSeen) return;
      this.restart(other.firstSeen);
    }
    this.result = other.result;
    this.resultRows = other.resultRows;
    this.units += other.units;
    this.timeMs += other.timeMs;
    this.rows = other.rows;
    this.firstSeen = Math.min(this.firstSeen, other.firstSeen);
    this.lastSeen = Math.max(this.lastSeen, other.lastSeen);
    for (const route of other.routes) if (this.routes.size < MAX_ROUTES) this.routes.add(route);
    for (const site of other.callSites) addCallSite(this.callSites, site);
  }

  /** One of its tables was written to, or its rows have changed: what was equal before says nothing of now. */
  restart(at: number): void {
    this.units = 0;
    this.timeMs = 0;
    this.lastUnit = '';
    this.firstSeen = at;
    this.result = undefined;
  }

  private hasResultOf(other: RepeatedRead): boolean {
    return this.result === other.result && this.resultRows === other.resultRows;
  }
}

/** Who asks the same: a statement with all its values. */
export function readIdentity(query: AnalysedQuery): string {
  const values = valuesIdentity(query);
  const short = values.length <= MAX_IDENTITY ? values : createHash('sha1').update(values).digest('base64');
  return `${query.record.dataSource}\n${query.statement.fingerprint}\n${short}`;
}

function digestOf({ rowSample = [] }: QueryRecord): number {
  let hash = 0;
  for (let at = 0; at < rowSample.length && at < MAX_COMPARED; at++) {
    const row = rowSample[at] ?? {};
    for (const name in row) hash = mixed(hash, row[name]);
  }
  return hash;
}

function mixed(hash: number, value: unknown): number {
  // Most values are small integers: their text need not be made.
  if (typeof value === 'number' && value === (value | 0)) return (Math.imul(hash, 31) + value) | 0;
  const text = value instanceof Date ? String(value.getTime()) : String(value);
  let next = Math.imul(hash, 31) + 1;
  for (let index = 0; index < text.length && index < MAX_CHARACTERS; index++)
    next = (Math.imul(next, 31) + text.charCodeAt(index)) | 0;
  return next;
}
