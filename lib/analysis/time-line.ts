import type { LoadTree } from './load-tree.js';
import { valuesIdentity } from './query-values.js';
import type { AnalysedQuery } from './relation-load.js';
import { tableKey, type SchemaIndex } from './schema-index.js';

/** Shorter stretches in which nothing ran are computation. */
const PAUSE_MS = 10;

/** When a unit wrote to which table, started over, or waited: what makes reading again a fresh read. */
export class TimeLine {
  /** Sequence numbers of writes by table, ascending. */
  private readonly writes = new Map<string, number[]>();
  /** The same without the updates that `save` makes of entities which the code has read. */
  private readonly ownWrites = new Map<string, number[]>();
  private readonly deletes = new Map<string, number[]>();
  private readonly allWrites: number[] = [];
  /** What may change any row that is seen: procedures and functions, schema changes, locks that were waited for, another tenant. */
  private readonly unknownWrites: number[] = [];
  /** Settings of the connection, as they were made last. */
  private readonly settings = new Map<string, string>();
  /** Failed statements and rollbacks: what comes after is another attempt. */
  private readonly setbacks: number[] = [];
  /** Sequence numbers of the statements that came after a wait, and how long that was. */
  private readonly pauses: number[] = [];
  private readonly pauseMs: number[] = [];

  private isRead = false;

  constructor(
    private readonly queries: readonly AnalysedQuery[],
    private readonly tree: LoadTree,
    private readonly schemaOf: (dataSource: string) => SchemaIndex | undefined,
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

  /** What the statements read may have changed between two others, given by their sequence numbers. */
  isWrittenBetween(reads: readonly AnalysedQuery[], from: number, to: number): boolean {
    this.read();
    if (hasBetween(this.unknownWrites, from, to)) return true;
    return (
      hasBetween(this.allWrites, from, to) &&
      reads.some(({ record, statement }) => {
        const schema = this.schemaOf(record.dataSource);
        return statement.tables.some(({ name }) => this.mayDiffer(name, schema, from, to));
      })
    );
  }

  /** A view shows other tables, and deleted rows take along, or set to null, what refers to them. */
  private mayDiffer(table: string, schema: SchemaIndex | undefined, from: number, to: number): boolean {
    if (hasBetween(this.writes.get(tableKey(table)), from, to)) return true;
    if (schema === undefined) return false;
    if (!schema.isOwnTable(table)) return true;
    return this.deletes.size > 0 && this.isDeletedAbove(table, schema, from, to);
  }

  private isDeletedAbove(table: string, schema: SchemaIndex, from: number, to: number): boolean {
    const tables = new Set([table]);
    // Grows while it is read: level by level.
    for (const below of tables) for (const above of schema.referredBy(below)) tables.add(above);
    return [...tables].some((above) => hasBetween(this.deletes.get(tableKey(above)), from, to));
  }

  /** The same, but for load, change and `save`: there the reads are a loop of their own. */
  isCheckedBetween(table: string, from: number, to: number): boolean {
    this.read();
    return hasBetween(this.ownWrites.get(tableKey(table)), from, to);
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

  private note(query: AnalysedQuery): void {
    const { record, statement } = query;
    const { sequence, error } = record;
    if (error !== undefined || (statement.kind === 'transaction' && statement.operation === 'ROLLBACK'))
      this.setbacks.push(sequence);
    const written = statement.tables.filter((table) => table.access === 'write');
    if (isSetting(statement) ? this.isSetAnew(query) : written.length === 0 && mayWrite(statement))
      this.unknownWrites.push(sequence);
    if (written.length > 0) this.allWrites.push(sequence);
    const isSaved = statement.kind === 'update' && this.tree.persistAround(record.load) !== undefined;
    for (const { name } of written) {
      add(this.writes, tableKey(name), sequence);
      if (statement.kind === 'delete') add(this.deletes, tableKey(name), sequence);
      if (!isSaved) add(this.ownWrites, tableKey(name), sequence);
    }
  }

  /** To another value than before: who sets the tenant before each statement changes nothing with it. */
  private isSetAnew(query: AnalysedQuery): boolean {
    const { record, statement } = query;
    const name = `${record.dataSource}|${statement.text}`;
    const value = `${record.statement}|${valuesIdentity(query)}`;
    if (this.settings.get(name) === value) return false;
    this.settings.set(name, value);
    return true;
  }
}

function add(lists: Map<string, number[]>, table: string, sequence: number): void {
  const list = lists.get(table);
  if (list === undefined) lists.set(table, [sequence]);
  else list.push(sequence);
}

const READ_ONLY: ReadonlySet<string> = new Set(['PRAGMA', 'SHOW', 'EXPLAIN', 'DESCRIBE', 'DESC']);

/** Of a SELECT: it takes locks, or does nothing but call a function, which may do anything, wait for a lock included. */
function mayWrite({ kind, operation, isLocking, tables, text }: AnalysedQuery['statement']): boolean {
  if (kind === 'select') return isLocking || (tables.length === 0 && text.includes('('));
  return kind !== 'transaction' && !READ_ONLY.has(operation);
}

/** What rows are seen may depend on it: the schema that names stand for, the tenant or the role of row-level security. */
function isSetting({ kind, operation, text }: AnalysedQuery['statement']): boolean {
  return (kind === 'other' && operation === 'SET') || /^SELECT (pg_catalog\.)?set_config\s?\(/i.test(text);
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
