import type { TableColumn, TableFacts } from '../../../lib/investigation/table-facts.js';

/** The tables that the recorded plans of MySQL, MariaDB and SQLite are of. */
export const flights = facts('flights', 20_000, ['id', 'originId', 'departsAt', 'cancelledAt', 'note']);
export const airports = facts('airports', 900, ['id', 'iata', 'city']);

/** What a sample would say: 900 origins, every note and every airport once. */
export function distinct(table: string, column: string): number | undefined {
  return table === 'flights' && column === 'originId' ? 900 : column === 'iata' ? 900 : undefined;
}

function facts(name: string, rows: number, columns: readonly string[]): TableFacts {
  const column = (each: string): TableColumn => ({ name: each, type: 'int', isIndexable: true });
  return {
    table: { name },
    rows,
    bytes: 0,
    isAnalyzed: true,
    columns: columns.map(column),
    indexes: [],
    foreignKeys: [],
  };
}
