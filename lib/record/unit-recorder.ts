import type { CacheRecord } from './cache-record.js';
import type { CallSite } from './call-site.js';
import type { CapturedStack } from './captured-stack.js';
import { ConnectionRecords } from './connection-records.js';
import type { EntityReads, ReadWatch } from './entity-reads.js';
import type { LoadRecord, ParentBatch } from './load-record.js';
import type { Mutable } from './mutable.js';
import { Places } from './places.js';
import type { Replay } from './replay.js';
import type { QueryRecord } from './query-record.js';
import { DEFAULT_UNIT_LIMITS, type UnitLimits } from './unit-limits.js';
import { UnitBatching } from './unit-batching.js';
import type { UnitKind, UnitOfWork } from './unit-of-work.js';
import type { HandlerName, UnitStart } from './unit-start.js';

/** Characters that one unit may keep: statements and sampled rows, each apart. */
const MAX_CHARACTERS = 4_000_000;
/** What a record takes besides its text, in characters. */
const RECORD_WEIGHT = 1_000;

/** The same for an access of a cache: it has no text but a short pattern. */
const ACCESS_WEIGHT = 300;

/** Entities of one unit that are watched for what is read of them. */
const MAX_WATCHED_ENTITIES = 2_000;
const MAX_WATCHES = 200;

export type { CapturedStack, UnitStart };

/** Collects what one running unit of work does. Every list has a maximum; adding never throws and takes constant time. */
export class UnitRecorder {
  kind: UnitKind;
  name: string;
  traceId?: string;
  status?: number;
  isAborted = false;
  isResponded = false;
  /** It takes no more: its unit has been handed over. */
  isFinished = false;
  /** The handler has returned, and its result is on its way to the client. */
  isSending = false;
  /** Statements that have started. */
  sequence = 0;
  /** Statements and loads that have started and not ended. */
  openStatements = 0;
  /** Call-site decisions of this unit, by digest of the statement text: occurrences so far. Owned by capture. */
  readonly occurrences = new Map<number, number>();
  /** Loads that are running, by id. Owned by capture. */
  readonly openLoads = new Map<number, unknown>();
  /** Its transactions, and what it asks of pools. Transactions share the maximum of loads. */
  readonly connections: ConnectionRecords;
  /** The unit's name as far as it is known now. Does not keep the recorder alive where its unit can tell. */
  unitName: () => string = () => this.name;
  /** The class and method that handle it, once they are called. */
  handler?: HandlerName;
  /** The number of the first statement after that call. */
  handledFrom?: number;
  /** Relations loaded for many parents at once. Owned by capture. */
  readonly batching = new UnitBatching();
  /** Loads that can be run again, by id. Owned by capture. */
  readonly replays = new Map<number, Replay>();

  private readonly queries: QueryRecord[] = [];
  private readonly stacks: (CapturedStack | undefined)[] = [];
  private readonly loads: LoadRecord[] = [];
  private readonly accesses: CacheRecord[] = [];
  private readonly batches = new Map<number, ParentBatch>();
  private watches: ReadWatch[] = [];
  private watchedEntities = 0;
  private droppedQueries = 0;
  private droppedLoads = 0;
  private droppedAccesses = 0;
  private accessId = 0;
  private loadId = 0;
  private sampledRows = 0;
  private rowCharacters = 0;
  private statementCharacters = 0;
  private callSites = 0;

  constructor(
    readonly start: UnitStart,
    readonly limits: UnitLimits = DEFAULT_UNIT_LIMITS,
  ) {
    this.kind = start.kind;
    this.connections = new ConnectionRecords(limits.maxLoads);
    this.name = start.name;
  }

  /** The number of the statement that starts now. */
  nextSequence(): number {
    return this.sequence++;
  }

  nextLoad(): number {
    return ++this.loadId;
  }

  nextAccess(): number {
    return ++this.accessId;
  }

  /** Statements that have started so far: places what is no statement among them. */
  get started(): number {
    return this.sequence;
  }

  /** Milliseconds since the unit began, for a reading of the monotonic clock. */
  since(clockMs: number): number {
    return clockMs - this.start.clockMs;
  }

  /** Takes up to `wanted` rows from the unit's budget for provenance; answers how many may be kept. */
  takeRows(wanted: number): number {
    const granted = Math.max(0, Math.min(wanted, this.limits.maxSampledRows - this.sampledRows));
    this.sampledRows += granted;
    return granted;
  }

  /** Takes characters of rows from the unit's budget; false when it is used up. */
  takeCharacters(wanted: number): boolean {
    this.rowCharacters += wanted;
    return this.rowCharacters <= MAX_CHARACTERS;
  }

  /** How much is kept, in characters, roughly. */
  get weight(): number {
    const records = this.queries.length + this.loads.length + this.batches.size + this.connections.size;
    return (
      records * RECORD_WEIGHT +
      this.accesses.length * ACCESS_WEIGHT +
      this.statementCharacters +
      Math.min(this.rowCharacters, MAX_CHARACTERS)
    );
  }

  /** Takes one stack from the unit's budget. */
  takeCallSite(): boolean {
    return this.callSites < this.limits.maxCallSites && ++this.callSites > 0;
  }

  addQuery(record: QueryRecord, stack?: CapturedStack): void {
    const characters = this.statementCharacters + record.statement.length;
    if (this.queries.length >= this.limits.maxQueries || characters > MAX_CHARACTERS) {
      this.droppedQueries++;
      return;
    }
    this.statementCharacters = characters;
    this.queries.push(record);
    this.stacks.push(stack);
  }

  addLoad(record: LoadRecord): void {
    if (this.loads.length >= this.limits.maxLoads) this.droppedLoads++;
    else this.loads.push(record);
  }

  addAccess(record: CacheRecord): void {
    if (this.accesses.length >= this.limits.maxCacheAccesses) this.droppedAccesses++;
    else this.accesses.push(record);
  }

  /** Remembers a batch, or its new size. */
  addBatch(batch: ParentBatch): void {
    if (this.batches.size < this.limits.maxLoads || this.batches.has(batch.id))
      this.batches.set(batch.id, batch);
  }

  /** Whether one more load may be watched. */
  get mayWatch(): boolean {
    return this.watches.length < MAX_WATCHES && this.watchedEntities < MAX_WATCHED_ENTITIES;
  }

  /** Keeps a watch until the unit has ended. */
  watch(watch: ReadWatch, entities: number): void {
    this.watches.push(watch);
    this.watchedEntities += entities;
  }

  persisted(entities: readonly unknown[]): void {
    for (const watch of this.watches) watch.persisted(entities);
  }

  /** What the unit gave to its caller, who may read it when nobody watches any more. */
  returned(value: unknown): void {
    for (const watch of this.watches) watch.returned(value);
  }

  /** What is read of entities from now on is read for the response. */
  sending(): void {
    if (this.isSending) return;
    for (const watch of this.watches) watch.sending();
    this.isSending = true;
  }

  /** The unit is not wanted after all: gives back what is watched. */
  discard(): void {
    this.endWatches();
  }

  /** What has ended so far, for a look while the unit runs. */
  get soFar(): { readonly queries: readonly QueryRecord[]; readonly accesses: readonly CacheRecord[] } {
    return { queries: this.queries, accesses: this.accesses };
  }

  get hasRecords(): boolean {
    return this.queries.length + this.loads.length + this.accesses.length + this.droppedQueries > 0;
  }

  /** Empties the recorder into a finished unit; stacks are resolved here, off the request path. */
  finish(clockMs: number, resolve: (stack: CapturedStack) => CallSite | undefined): UnitOfWork {
    this.isFinished = true;
    const places = new Places(resolve);
    const queries = this.queries.map((record, index) => places.locate(record, this.stacks[index]));
    queries.sort((a, b) => a.sequence - b.sequence);
    const reads = this.endWatches();
    const loads = this.loads.map((load) => {
      const ofLoad = load.kind === 'entities' ? reads.get(load.id) : undefined;
      return ofLoad === undefined ? this.batching.finished(load) : { ...load, reads: ofLoad };
    });
    const { transactions, pools } = this.connections.finish(places);
    const unit: Mutable<UnitOfWork> = {
      id: this.start.id,
      kind: this.kind,
      name: this.name,
      startedAt: this.start.startedAt,
      durationMs: this.since(clockMs),
      queries,
      loads: loads.sort((a, b) => a.id - b.id),
      caches: this.accesses.sort((a, b) => a.id - b.id),
      batches: [...this.batches.values()],
      transactions,
      pools,
      dropped: {
        queries: this.droppedQueries,
        loads: this.droppedLoads + this.connections.dropped,
        cacheAccesses: this.droppedAccesses,
      },
    };
    if (this.replays.size > 0) unit.replays = this.replays;
    if (this.handledFrom !== undefined) unit.handledFrom = this.handledFrom;
    if (this.traceId !== undefined) unit.traceId = this.traceId;
    if (this.status !== undefined) unit.status = this.status;
    if (this.isAborted) unit.isAborted = true;
    return unit;
  }

  private endWatches(): ReadonlyMap<number, EntityReads> {
    return new Map(this.watches.splice(0).map((watch) => [watch.load, watch.end()]));
  }
}
