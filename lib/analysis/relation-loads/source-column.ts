import type { EntityModel } from '../../record/schema-model.js';
import type { AnalysedQuery } from '../relation-load.js';
import type { SchemaIndex } from '../schema-index.js';

/** One column of the rows that a statement returned, with the entity it belongs to where that can be told. */
export interface SourceColumn {
  /** Equal for the same column of the same table, whatever the statement. */
  readonly id: string;
  /** In the row. */
  readonly name: string;
  readonly entity?: EntityModel;
  /** The table's alias in the statement. */
  readonly alias?: string;
  /** Database name where the entity is known, otherwise the name in the row. */
  readonly column: string;
}

/** Tells the columns of each statement once, however often the statement ran. */
export class SourceColumns {
  private readonly known = new Map<string, readonly SourceColumn[]>();

  constructor(private readonly schema: SchemaIndex | undefined) {}

  of(query: AnalysedQuery): readonly SourceColumn[] {
    const names = Object.keys(query.record.rowSample?.[0] ?? {});
    const key = `${query.statement.fingerprint}|${names.join()}`;
    let columns = this.known.get(key);
    if (columns === undefined)
      this.known.set(key, (columns = names.map((name) => sourceColumn(query, name, this.schema))));
    return columns;
  }
}

/** TypeORM names result columns `<alias>_<column>`; people's own SQL uses the column's name or an alias of theirs. */
function sourceColumn(
  { statement }: AnalysedQuery,
  name: string,
  schema: SchemaIndex | undefined,
): SourceColumn {
  const tables = statement.tables.filter((table) => table.access === 'read');
  for (const table of tables) {
    const alias = table.alias ?? table.name;
    const entity = schema?.ofTable(table.name);
    const column = name.slice(alias.length + 1);
    if (entity !== undefined && name.startsWith(`${alias}_`) && schema?.hasColumn(entity, column))
      return { id: `${entity.table}.${column}`, name, entity, alias, column };
  }
  const owners = tables.flatMap((table) => {
    const entity = schema?.ofTable(table.name);
    return entity !== undefined && schema?.hasColumn(entity, name)
      ? [{ entity, alias: table.alias ?? table.name }]
      : [];
  });
  const [owner] = owners;
  return owner !== undefined && owners.every(({ entity }) => entity === owner.entity)
    ? { id: `${owner.entity.table}.${name}`, name, column: name, ...owner }
    : { id: `?.${name}`, name, column: name };
}
