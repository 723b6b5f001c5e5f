import type { Trial } from '../../investigation/explainer.js';
import {
  indexTarget,
  quotedTable,
  type IndexDefinition,
  type TableName,
} from '../../investigation/index-definition.js';
import type { SendQuery } from '../../investigation/sql-session.js';
import { LEAVES_QUERY } from './facts-query.js';

/** An index on trial: the names it has in plans, and its size where that is known. */
export interface TriedIndex {
  readonly names: readonly string[];
  readonly bytes?: number;
}

/** How PostgreSQL is made to believe that an index exists. */
export interface TriedIndexes {
  readonly trial: Trial;
  /** The transaction has to be one that may write. */
  readonly isWriting: boolean;
  /** Inside of a transaction that will be rolled back. */
  create(query: SendQuery, indexes: readonly IndexDefinition[]): Promise<readonly TriedIndex[]>;
  /** After it has been. */
  forget(query: SendQuery): Promise<void>;
}

/** HypoPG: an index that only the planner of this connection sees. Nothing is built, nothing is locked. */
export class HypotheticalIndexes implements TriedIndexes {
  readonly trial = { how: 'a hypothetical index (HypoPG)', isBuilt: false } as const;
  readonly isWriting = false;
  private isUsed = false;

  async create(query: SendQuery, indexes: readonly IndexDefinition[]): Promise<readonly TriedIndex[]> {
    const tried: TriedIndex[] = [];
    for (const index of indexes) tried.push(await this.createOne(query, index));
    return tried;
  }

  async forget(query: SendQuery): Promise<void> {
    if (!this.isUsed) return;
    this.isUsed = false;
    await query('SELECT hypopg_reset()');
  }

  private async createOne(query: SendQuery, index: IndexDefinition): Promise<TriedIndex> {
    this.isUsed = true;
    const names: string[] = [];
    let bytes = 0;
    for (const table of await this.leaves(query, index.table)) {
      const target = `CREATE INDEX ${indexTarget({ ...index, table })}`;
      const [row] = await query(
        'SELECT indexname, hypopg_relation_size(indexrelid) AS bytes FROM hypopg_create_index($1)',
        [target],
      );
      names.push(String(row?.['indexname']));
      bytes += Number(row?.['bytes']);
    }
    return { names, bytes };
  }

  /** HypoPG knows no indexes of partitioned tables, but those of their partitions. */
  private async leaves(query: SendQuery, table: TableName): Promise<readonly TableName[]> {
    const rows = await query(LEAVES_QUERY, [quotedTable(table)]);
    if (rows.length === 0) return [table];
    return rows.map(({ schema, name }) => ({ schema: String(schema), name: String(name) }));
  }
}

/** A real index in a transaction that is rolled back. Building it locks the table against writes for as long. */
export class BuiltIndexes implements TriedIndexes {
  readonly trial = { how: 'a real index in a transaction that was rolled back', isBuilt: true } as const;
  readonly isWriting = true;

  async create(query: SendQuery, indexes: readonly IndexDefinition[]): Promise<readonly TriedIndex[]> {
    const tried: TriedIndex[] = [];
    for (const [at, index] of indexes.entries()) {
      const name = `query_lens_trial_${at}`;
      await query(`CREATE INDEX ${name} ${indexTarget(index)}`);
      tried.push(await this.built(query, name));
    }
    return tried;
  }

  async forget(): Promise<void> {
    // The rollback has taken them.
  }

  /** The index itself, and those that PostgreSQL made for each partition. */
  private async built(query: SendQuery, name: string): Promise<TriedIndex> {
    const rows = await query(
      `SELECT c.relname AS name, pg_relation_size(c.oid) AS bytes FROM pg_class c
       WHERE c.relname = $1 AND c.relkind IN ('i', 'I')
       UNION SELECT p.relname, pg_relation_size(p.oid) FROM pg_class c
       JOIN pg_partition_tree(c.oid) t ON true JOIN pg_class p ON p.oid = t.relid
       WHERE c.relname = $1 AND c.relkind = 'I'`,
      [name],
    );
    return {
      names: rows.map((row) => String(row['name'])),
      bytes: rows.reduce((sum, row) => sum + Number(row['bytes']), 0),
    };
  }
}
