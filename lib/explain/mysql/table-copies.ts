import { TrialRefused } from '../../investigation/explainer.js';
import {
  indexTarget,
  quoted,
  quotedTable,
  type IndexDefinition,
  type TableName,
} from '../../investigation/index-definition.js';
import type { SendQuery } from '../../investigation/sql-session.js';
import type { TableFacts } from '../../investigation/table-facts.js';
import { countText } from '../../statistics/count-text.js';
import { maskMessage } from '../../sql/mask-message.js';

/** Larger tables are not copied. */
export const MAX_COPIED_ROWS = 200_000;

/**
 * Temporary copies of tables, under the tables' own names: they hide the real ones from this connection alone, so that a
 * statement is planned as it was written, with indexes that the real tables do not have. They go with the connection.
 */
export class TableCopies {
  readonly trial = { how: 'an index on a temporary copy of the table', isBuilt: false } as const;
  /** Table to the name that its copy has while it hides nothing. */
  private readonly names = new Map<string, string>();

  /**
   * Runs `work` with the indexes. Outside of any transaction.
   *
   * @throws TrialRefused where the copy or the index cannot be made
   */
  async with<T>(
    query: SendQuery,
    indexes: readonly IndexDefinition[],
    factsOf: (index: IndexDefinition) => TableFacts | undefined,
    work: () => Promise<T>,
  ): Promise<T> {
    const tables = new Map(indexes.map((index) => [index.table.name, factsOf(index)]));
    const hidden: TableName[] = [];
    try {
      for (const [name, facts] of tables) hidden.push(await this.hide(query, name, facts));
      for (const table of hidden) await mustBeCopy(query, table);
      for (const [at, index] of indexes.entries()) await create(query, at, index);
      for (const table of hidden) await query(`ANALYZE TABLE ${quotedTable(table, '`')}`);
      return await work();
    } catch (error) {
      // What stands for the real table cannot do all that it can: a view does not see it, MySQL reads it but once.
      throw error instanceof TrialRefused ? error : new TrialRefused(reasonOf(error));
    } finally {
      await this.show(query, hidden, indexes);
    }
  }

  private async hide(query: SendQuery, name: string, facts: TableFacts | undefined): Promise<TableName> {
    if (facts === undefined) throw new TrialRefused(`${name} cannot be copied.`);
    const { table, rows } = facts;
    if (rows > MAX_COPIED_ROWS)
      throw new TrialRefused(
        `${name} has ${countText(rows)} rows, and tables of more than ${countText(MAX_COPIED_ROWS)} are not copied.`,
      );
    const copy = this.names.get(name) ?? (await this.copy(query, table));
    await query(`ALTER TABLE ${sibling(table, copy)} RENAME TO ${quotedTable(table, '`')}`);
    return table;
  }

  private async copy(query: SendQuery, table: TableName): Promise<string> {
    const copy = `query_lens_copy_${this.names.size}`;
    const target = sibling(table, copy);
    // Under a stricter level INSERT ... SELECT locks the rows that it reads.
    await query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
    await query(`CREATE TEMPORARY TABLE ${target} LIKE ${quotedTable(table, '`')}`);
    const columns = await query(
      `SELECT COLUMN_NAME AS name FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = COALESCE(?, DATABASE()) AND TABLE_NAME = ?
       AND COALESCE(GENERATION_EXPRESSION, '') = '' ORDER BY ORDINAL_POSITION`,
      [table.schema ?? null, table.name],
    );
    const list = columns.map(({ name }) => quoted(String(name), '`')).join(', ');
    await query(`INSERT INTO ${target} (${list}) SELECT ${list} FROM ${quotedTable(table, '`')}`);
    this.names.set(table.name, copy);
    return copy;
  }

  /** The real tables are there again. */
  private async show(
    query: SendQuery,
    hidden: readonly TableName[],
    indexes: readonly IndexDefinition[],
  ): Promise<void> {
    for (const table of hidden) {
      const own = [...indexes.entries()].filter(([, index]) => index.table.name === table.name);
      for (const [at] of own)
        await query(`DROP INDEX ${nameOf(at)} ON ${quotedTable(table, '`')}`).catch(() => undefined);
      const copy = this.names.get(table.name) ?? '';
      await query(`ALTER TABLE ${quotedTable(table, '`')} RENAME TO ${sibling(table, copy)}`);
    }
  }
}

/** The index of a trial, in plans. */
export function nameOf(at: number): string {
  return `query_lens_trial_${at}`;
}

/** In the schema of the table. */
function sibling({ schema }: TableName, name: string): string {
  return quotedTable(schema === undefined ? { name } : { schema, name }, '`');
}

/** Whatever went wrong before: no index is ever built on a real table. */
async function mustBeCopy(query: SendQuery, table: TableName): Promise<void> {
  const [row] = await query(`SHOW CREATE TABLE ${quotedTable(table, '`')}`);
  if (!/^CREATE TEMPORARY TABLE/u.test(String(row?.['Create Table'])))
    throw new TrialRefused(`${table.name} is not hidden by its copy.`);
}

async function create(query: SendQuery, at: number, index: IndexDefinition): Promise<void> {
  await query(`CREATE INDEX ${nameOf(at)} ${indexTarget(index, '`')}`);
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return `the database refused the temporary copy: ${maskMessage(message).replace(/[.\s]+$/u, '')}.`;
}
