import type { TableName } from '../../investigation/index-definition.js';
import type { SendQuery } from '../../investigation/sql-session.js';
import { statementUses, type TableUse } from '../../investigation/statement-needs.js';
import type { TableFacts } from '../../investigation/table-facts.js';
import { viewColumns } from '../../investigation/view-columns.js';
import { isSameName } from '../../sql/is-same-name.js';
import { readSearch, type Search } from '../../sql/read-search.js';
import { readMysqlFacts, readMysqlViews } from './read-catalog.js';

const DIALECT = 'mysql';

/** Finds the tables of statements, views followed, for as long as an investigation lasts. */
export class StatementTables {
  private readonly known = new Map<string, readonly TableFacts[]>();

  /** Tables that the statement names, or that are behind the views it names. */
  async usesOf(query: SendQuery, search: Search): Promise<readonly TableUse[]> {
    const named = search.tables.map(({ schema, name }) =>
      schema === undefined ? { name } : { schema, name },
    );
    const facts = await this.factsOf(query, named);
    const others = named.filter(({ name }) => !facts.some(({ table }) => isSameName(table.name, name)));
    const texts = await readMysqlViews(
      query,
      others.map(({ name }) => name),
    );
    const views = [...texts].map(([name, text]) => ({
      name,
      text,
      tables: readSearch(text, DIALECT).tables,
    }));
    const base = await this.factsOf(
      query,
      views.flatMap(({ tables }) => tables.map(({ name }) => ({ name }))),
    );
    const all = [
      ...facts,
      ...base.filter(({ table }) => !facts.some((own) => own.table.name === table.name)),
    ];
    const columnsOf = (table: string): readonly string[] =>
      all.find((each) => isSameName(each.table.name, table))?.columns.map(({ name }) => name) ?? [];
    return statementUses(
      search,
      all,
      new Map(views.map(({ name, text }) => [name, viewColumns(text, DIALECT, columnsOf)])),
    );
  }

  /** Read once: every index that is tried asks for them again. */
  private async factsOf(query: SendQuery, tables: readonly TableName[]): Promise<readonly TableFacts[]> {
    const facts: TableFacts[] = [];
    for (const table of tables) {
      const name = JSON.stringify(table);
      const known = this.known.get(name) ?? (await readMysqlFacts(query, [table]));
      this.known.set(name, known);
      facts.push(...known);
    }
    return facts;
  }
}
