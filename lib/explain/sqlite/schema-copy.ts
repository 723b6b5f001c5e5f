import type { SqlSession } from '../../investigation/sql-session.js';
import type { SqliteCatalog } from './read-catalog.js';

/**
 * The schema in an empty database, with the statistics of the real one: SQLite plans there as it does on the real one, since
 * it never looks at rows to plan.
 */
export async function copySchema(copy: SqlSession, { entries, statistics }: SqliteCatalog): Promise<void> {
  await copy.use(async (query) => {
    for (const type of ['table', 'view', 'index'])
      for (const { name, type: own, sql } of entries) {
        if (own !== type || sql === undefined || name.startsWith('sqlite_')) continue;
        // What needs an extension, or belongs to a virtual table, is missed by the statements that name it.
        await query(sql).catch(() => undefined);
      }
    if (statistics.length === 0) return;
    await query('ANALYZE');
    await query('DELETE FROM sqlite_stat1');
    for (const { table, index = null, text } of statistics)
      await query('INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)', [table, index, text]);
    await query(RELOAD_STATISTICS);
  });
}

/** Counts nothing: SQLite reads its statistics anew. */
export const RELOAD_STATISTICS = 'ANALYZE sqlite_master';
