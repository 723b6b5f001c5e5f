import type { ListCall } from '../analysis/list-call.js';
import type { LoadingStrategy, LoadNote, RelationLoad } from '../analysis/relation-load.js';
import type { ReadState } from '../record/entity-reads.js';
import type { CallSite } from '../record/call-site.js';
import { addCallSite } from './add-call-site.js';
import { Distribution } from './distribution.js';
import { TimeDistributions } from './time-distributions.js';

/** What tells one relation entry from another, and what is known of the relation itself. */
export interface RelationIdentity {
  readonly route: string;
  /** `Author.books`; `Author by id` where no relation is known. */
  readonly relation: string;
  readonly strategy: LoadingStrategy;
  readonly dataSource: string;
  readonly entity?: string;
  readonly property?: string;
  readonly target?: string;
  /** Property of the target that points back. */
  readonly inverse?: string;
  readonly isToMany: boolean;
  /** The query strategy needs a statement for the pairs of ids beside that for the children. */
  readonly isPaired?: boolean;
  /** Counted or tested for existence, instead of read. */
  readonly isCount: boolean;
}

/** Where the parents of a relation come from: the list to which the relation can be added. */
export interface RelationOrigin {
  /** The call that read the list that was read first. */
  readonly list?: ListCall;
  /** Relations from there to the parents: `['books']` for `Book.reviews`. */
  readonly path: readonly string[];
  /** Relations of the children that were read with them, seen from the children. */
  readonly below?: readonly (readonly string[])[];
  /** The relation points back to what its parents were loaded from. */
  readonly isBackReference: boolean;
}

/** Everything that is kept of one relation, loaded in one way on one route. */
export class RelationStatistics {
  /** Units of work in which it was loaded. */
  units = 0;
  loads = 0;
  maxLoadsPerUnit = 0;
  statements = 0;
  rows = 0;
  /** Undefined as long as no driver said. */
  bytes: number | undefined;
  /** Child entities that came of it. */
  entities = 0;
  parents = 0;
  /** Rows of a join of the same: one for each child, and one for each parent without any. */
  joinedRows = 0;
  /** Of the loads whose rows were counted: rows that carried a child, and different children. */
  readonly carried = { rows: 0, distinct: 0 };
  /** Statements that read ids only. */
  idStatements = 0;
  readonly notes = new Set<LoadNote>();
  maxFanOut = 0;
  /** A load asked for the first rows by LIMIT, which no relation option can say. */
  isFirstRows = false;
  /** A load was written as a list of keys and held one: what a DataLoader does whose batches do not fill. */
  isKeyList = false;
  /** A load asked for some of the relation's rows only. */
  isFiltered = false;
  lastSeen = 0;
  /** Loads that were watched for what is read, and in how many of them the relation was read, sent, or copied. */
  readonly watched = { loads: 0, read: 0, sent: 0, copied: 0 };
  /** Children for each parent. */
  readonly fanOut = new Distribution();
  readonly times = new TimeDistributions();
  readonly callSites: CallSite[] = [];
  /** GraphQL: where in the response it was needed. */
  fieldPath?: string;
  origin?: RelationOrigin;

  constructor(readonly identity: RelationIdentity) {}

  addUnit(loads: number, at: number): void {
    this.units++;
    this.maxLoadsPerUnit = Math.max(this.maxLoadsPerUnit, loads);
    this.lastSeen = Math.max(this.lastSeen, at);
  }

  add(load: RelationLoad, origin: RelationOrigin | undefined): void {
    this.loads++;
    // A joined relation rides on the statement of its root; counting that here would count it twice.
    this.statements += load.join === undefined ? load.queries.length : 0;
    this.rows += load.rows;
    this.addBytes(load.bytes);
    this.entities += load.entities;
    this.parents += load.parents;
    this.joinedRows += Math.max(load.entities, load.parents);
    this.carried.rows += load.carried?.rows ?? 0;
    this.carried.distinct += load.carried?.distinct ?? 0;
    this.idStatements += load.idStatements ?? 0;
    for (const note of load.notes ?? []) this.notes.add(note);
    this.maxFanOut = Math.max(this.maxFanOut, load.maxFanOut);
    this.isFirstRows ||= load.isFirstRows;
    this.isKeyList ||= load.isKeyList;
    this.isFiltered ||= load.isFiltered === true;
    this.fanOut.add(load.fanOut, Math.max(1, Math.round(load.parents)));
    this.times.add(load.timeMs);
    for (const site of load.callSites) addCallSite(this.callSites, site);
    this.fieldPath ??= load.fieldPath;
    this.origin ??= origin;
  }

  /** What was read of one load; undefined where nobody watched. */
  addRead(state: ReadState | undefined): void {
    if (state === undefined) return;
    this.watched.loads++;
    if (state === 'read') this.watched.read++;
    if (state === 'sent') this.watched.sent++;
    if (state === 'copied') this.watched.copied++;
  }

  merge(other: RelationStatistics): void {
    this.watched.loads += other.watched.loads;
    this.watched.read += other.watched.read;
    this.watched.sent += other.watched.sent;
    this.watched.copied += other.watched.copied;
    this.units += other.units;
    this.loads += other.loads;
    this.maxLoadsPerUnit = Math.max(this.maxLoadsPerUnit, other.maxLoadsPerUnit);
    this.statements += other.statements;
    this.rows += other.rows;
    this.addBytes(other.bytes);
    this.entities += other.entities;
    this.parents += other.parents;
    this.joinedRows += other.joinedRows;
    this.carried.rows += other.carried.rows;
    this.carried.distinct += other.carried.distinct;
    this.idStatements += other.idStatements;
    for (const note of other.notes) this.notes.add(note);
    this.maxFanOut = Math.max(this.maxFanOut, other.maxFanOut);
    this.isFirstRows ||= other.isFirstRows;
    this.isKeyList ||= other.isKeyList;
    this.isFiltered ||= other.isFiltered;
    this.lastSeen = Math.max(this.lastSeen, other.lastSeen);
    this.fanOut.merge(other.fanOut);
    this.times.merge(other.times);
    for (const site of other.callSites) addCallSite(this.callSites, site);
    this.fieldPath ??= other.fieldPath;
    this.origin ??= other.origin;
  }
  private addBytes(bytes: number | undefined): void {
    if (bytes !== undefined) this.bytes = (this.bytes ?? 0) + bytes;
  }
}
