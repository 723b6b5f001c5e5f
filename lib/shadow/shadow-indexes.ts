import type { TriedIndex, TriedIndexes } from '../explain/postgres/tried-indexes.js';
import { indexTarget, type IndexDefinition } from '../investigation/index-definition.js';
import type { SendQuery } from '../investigation/sql-session.js';
import type { ProductionTable } from './production-statistics.js';
import type { ShadowDatabase } from './shadow-database.js';

/** Builds an index over the ten rows that are there, and gives it the size that it would have in production. */
export class ShadowIndexes implements TriedIndexes {
  readonly trial = {
    how: "an index in an embedded PostgreSQL with production's statistics",
    isBuilt: false,
  } as const;
  readonly isWriting = true;
  private tables: ProductionTable[] = [];

  constructor(private readonly shadow: ShadowDatabase) {}

  async create(query: SendQuery, indexes: readonly IndexDefinition[]): Promise<readonly TriedIndex[]> {
    if (indexes.length === 0) return [];
    this.tables = [...this.shadow.tablesNamed(indexes.map(({ table }) => table))];
    // CREATE INDEX reads the whole table.
    await this.shadow.shrink(this.tables);
    const names = indexes.map((_, at) => `query_lens_trial_${String(at)}`);
    for (const [at, index] of indexes.entries())
      await query(`CREATE INDEX ${names[at] ?? ''} ${indexTarget(index)}`);
    await this.shadow.enlarge(this.tables);
    const tried: TriedIndex[] = [];
    for (const name of names) {
      const [row] = await query('SELECT pg_relation_size(oid) AS bytes FROM pg_class WHERE relname = $1', [
        name,
      ]);
      tried.push({ names: [name], bytes: Number(row?.['bytes']) });
    }
    return tried;
  }

  /** CREATE INDEX also wrote the rows that are there into the table's statistics, and no rollback takes that back. */
  async forget(): Promise<void> {
    await this.shadow.enlarge(this.tables.splice(0));
  }
}
