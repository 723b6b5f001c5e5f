import { sumOf } from '../analysis/totals.js';
import type { LoadingStrategy } from '../analysis/relation-load.js';
import type { NodeRead } from '../record/entity-reads.js';

/** What one column came to over the watched loads. */
export interface ColumnReadStatistics {
  loads: number;
  /** Loads in which somebody read it, or copied it with the whole entity. */
  used: number;
  /** Estimated, over the loads that left it unread. */
  bytes: number;
}

/** How the relation of a node was loaded. */
export interface NodeLoad {
  readonly strategy: LoadingStrategy;
  /** Of the join, where it was joined. */
  readonly alias?: string;
  /** The statement sorts or filters by it. */
  readonly isServing: boolean;
  /** Statements of its own, their time and that to make entities; of a join its share of the latter, by columns. */
  readonly statements: number;
  readonly timeMs: number;
}

/** Columns of one class; an entity of a class that never came up keeps none. */
const MAX_COLUMNS = 300;

/** What was read of the entities that one call site reaches through the same relations. */
export class ReadNodeStatistics {
  loads = 0;
  /** Loads in which the relation had rows. */
  loadsWithRows = 0;
  /** Loads in which the relation itself was read, went with a copy of the whole parent, or was read for the response only. */
  read = 0;
  copied = 0;
  sent = 0;
  rows = 0;
  statements = 0;
  timeMs = 0;
  strategy: LoadingStrategy = 'join';
  alias?: string;
  isServing = false;
  readonly columns = new Map<string, ColumnReadStatistics>();

  constructor(readonly identity: Pick<NodeRead, 'path' | 'entity' | 'owner' | 'relation'>) {}

  /** No watched load read, copied or sent it. */
  get isUnused(): boolean {
    return this.read === 0 && this.copied === 0 && this.sent === 0;
  }

  /** Of the columns that were left unread, over all loads, estimated. */
  get bytes(): number {
    return sumOf(this.columns.values(), ({ bytes }) => bytes);
  }

  add(node: NodeRead, load: NodeLoad | undefined): void {
    this.loads++;
    if (node.rows > 0) this.loadsWithRows++;
    if (node.state === 'read') this.read++;
    if (node.state === 'copied') this.copied++;
    if (node.state === 'sent') this.sent++;
    this.rows += node.rows;
    for (const { property, state, bytes } of node.columns)
      this.addColumn(property, 1, state === 'unread' ? 0 : 1, bytes);
    if (load === undefined) return;
    this.statements += load.statements;
    this.timeMs += load.timeMs;
    this.strategy = load.strategy;
    this.alias = load.alias;
    this.isServing ||= load.isServing;
  }

  merge(other: ReadNodeStatistics): void {
    this.loads += other.loads;
    this.loadsWithRows += other.loadsWithRows;
    this.read += other.read;
    this.copied += other.copied;
    this.sent += other.sent;
    this.rows += other.rows;
    this.statements += other.statements;
    this.timeMs += other.timeMs;
    this.strategy = other.strategy;
    this.alias ??= other.alias;
    this.isServing ||= other.isServing;
    for (const [property, { loads, used, bytes }] of other.columns)
      this.addColumn(property, loads, used, bytes);
  }

  private addColumn(property: string, loads: number, used: number, bytes: number): void {
    let column = this.columns.get(property);
    if (column === undefined) {
      if (this.columns.size >= MAX_COLUMNS) return;
      this.columns.set(property, (column = { loads: 0, used: 0, bytes: 0 }));
    }
    column.loads += loads;
    column.used += used;
    column.bytes += bytes;
  }
}
