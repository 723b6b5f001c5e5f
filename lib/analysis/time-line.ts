import type { LoadTree } from './load-tree.js';
import type { AnalysedQuery } from './relation-load.js';

/** Shorter stretches in which nothing ran are computation. */
const PAUSE_MS = 10;

/** When a unit wrote to which table, started over, or waited: what makes reading again a fresh read. */
export class TimeLine {
  /** Sequence numbers of writes by table, ascending. */
  private readonly writes = new Map<string, number[]>();
  /** The same without the updates that `save` makes of entities which the code has read. */
  private readonly ownWrites = new Map<string, number[]>();
  /** Writes that do not say what they change: procedures, schema changes. */
  private readonly unknownWrites: number[] = [];
  /** Failed statements and rollbacks: what comes after is another attempt. */
  private readonly setbacks: number[] = [];
  /** Sequence numbers of the statements that came after a wait, and how long that was. */
  private readonly pauses: number[] = [];
  private readonly pauseMs: number[] = [];

  private isRead = false;

  constructor(
    private readonly queries: readonly AnalysedQuery[],
    private readonly tree: LoadTree,
  ) {}

  /** Most units are never asked about. */
  private read(): void {
    if (this.isRead) return;
    this.isRead = true;
    let busyUntil = Infinity;
    for (const query of this.queries) {
      const { sequence, startMs } = query.record;
      if (startMs - busyUntil >= PAUSE_MS) {
        this.pauses.push(sequence);
        this.pauseMs.push(startMs - busyUntil);
      }
      busyUntil = Math.max(busyUntil === Infinity ? 0 : busyUntil, endOf(query));
      this.note(query);
    }
  }

  /** Somebody wrote to one of the tables between two statements, given by their sequence numbers. */
  isWrittenBetween(tables: Iterable<string>, from: number, to: number): boolean {
    this.read();
    for (const table of tables) if (hasBetween(this.writes.get(table), from, to)) return true;
    return hasBetween(this.unknownWrites, from, to);
  }

  /** The same, but for load, change and `save`: there the reads are a loop of their own. */
  isCheckedBetween(table: string, from: number, to: number): boolean {
    this.read();
    return hasBetween(this.ownWrites.get(table), from, to);
  }

  isSetBackBetween(from: number, to: number): boolean {
    this.read();
    return hasBetween(this.setbacks, from, to);
  }

  /** The longest stretch in which nothing ran: a timer, somebody else's answer; 0 where there was none to speak of. */
  pauseBetween(from: number, to: number): number {
    this.read();
    let longest = 0;
    for (let at = after(this.pauses, from); (this.pauses[at] ?? Infinity) <= to; at++)
      longest = Math.max(longest, this.pauseMs[at] ?? 0);
    return longest;
  }

  private note({ record, statement }: AnalysedQuery): void {
    const { sequence, error } = record;
    if (error !== undefined || (statement.kind === 'transaction' && statement.operation === 'ROLLBACK'))
      this.setbacks.push(sequence);
    const written = statement.tables.filter((table) => table.access === 'write');
    if (written.length === 0 && mayWrite(statement)) this.unknownWrites.push(sequence);
    const isSaved = statement.kind === 'update' && this.tree.persistAround(record.load) !== undefined;
    for (const { name } of written) {
      add(this.writes, name, sequence);
      if (!isSaved) add(this.ownWrites, name, sequence);
    }
  }
}

function add(lists: Map<string, number[]>, table: string, sequence: number): void {
  const list = lists.get(table);
  if (list === undefined) lists.set(table, [sequence]);
  else list.push(sequence);
}

const READ_ONLY: ReadonlySet<string> = new Set(['PRAGMA', 'SHOW', 'EXPLAIN', 'DESCRIBE', 'DESC', 'SET']);

function mayWrite({ kind, operation }: AnalysedQuery['statement']): boolean {
  return kind !== 'select' && kind !== 'transaction' && !READ_ONLY.has(operation);
}

/** Milliseconds since the unit began. */
export function endOf({ record }: AnalysedQuery): number {
  return record.startMs + record.waitMs + record.executeMs;
}

/** Both ends exclusive. */
function hasBetween(ascending: readonly number[] | undefined, from: number, to: number): boolean {
  return ascending !== undefined && (ascending[after(ascending, from)] ?? Infinity) < to;
}

/** Index of the first number that is greater. */
function after(ascending: readonly number[], than: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) <= than) low = middle + 1;
    else high = middle;
  }
  return low;
}
