import { entityOf, relationOf } from '../record/relation-of.js';
import type { SchemaModel } from '../record/schema-model.js';
import type { CallSite } from '../record/call-site.js';
import { parseStatement } from '../sql/parse-statement.js';
import type { RelationStatistics } from '../statistics/relation-statistics.js';
import type { StatementStatistics } from '../statistics/statement-statistics.js';
import type { Statistics } from '../statistics/statistics.js';
import type { TableName } from './index-definition.js';
import type { TableFacts } from './table-facts.js';

/** Who searches a table by the columns of a foreign key. */
export interface KeySearch {
  readonly table: TableName;
  readonly columns: readonly string[];
  /** `Airport.flights`, or `flights.originId` where parents are deleted. */
  readonly relation: string;
  readonly route: string;
  readonly callSites: readonly CallSite[];
  /** `Airport.flights was loaded 40 times` */
  readonly seen: string;
  readonly walks?: number;
  readonly deletes?: number;
}

/** Relations that were read from the side without the key. */
export function walkedKeys(
  statistics: Statistics,
  dataSource: string,
  schema: SchemaModel,
): readonly KeySearch[] {
  const walked = [...statistics.relations.values()]
    .filter(({ identity }) => identity.dataSource === dataSource)
    .sort((a, b) => b.loads - a.loads);
  return walked.flatMap((entry) => walkedKey(entry, schema) ?? []);
}

function walkedKey(entry: RelationStatistics, schema: SchemaModel): KeySearch | undefined {
  const { entity, property, relation: name, route } = entry.identity;
  const relation = relationOf(schema, entity, property);
  if (relation === undefined || relation.isOwning || relation.junction !== undefined) return undefined;
  const target = entityOf(schema, relation.target);
  const columns = relationOf(schema, relation.target, relation.inverse)?.joinColumns ?? [];
  if (target === undefined || columns.length === 0) return undefined;
  return {
    table:
      target.schema === undefined ? { name: target.table } : { schema: target.schema, name: target.table },
    columns: columns.map(({ column }) => column),
    relation: name,
    route,
    callSites: [...entry.callSites],
    seen: `${name} was loaded ${entry.loads === 1 ? 'once' : `${entry.loads} times`}`,
    walks: entry.loads,
  };
}

/** Foreign keys of a table to parents that statements deleted: the database searches the table for each deleted row. */
export function deletedKeys(
  { table, foreignKeys }: TableFacts,
  deletes: readonly StatementStatistics[],
): readonly KeySearch[] {
  return foreignKeys.flatMap(({ columns, references }) => {
    const own = deletes.filter(({ text }) => deletedTable(text) === references.name);
    const [first] = own;
    if (first === undefined) return [];
    const calls = own.reduce((sum, { count }) => sum + count, 0);
    return {
      table,
      columns,
      relation: `${table.name}.${columns.join(', ')}`,
      route: first.routesByTime()[0]?.route ?? '',
      callSites: [...first.callSites],
      seen: `rows of ${references.name} were deleted by ${calls === 1 ? 'one statement' : `${calls} statements`}, and for each row the database looks for those that refer to it`,
      deletes: calls,
    };
  });
}

/** Deletes of a data source, those of its start left out. */
export function seenDeletes(statistics: Statistics, dataSource: string): readonly StatementStatistics[] {
  return [...statistics.statements.values()].filter(
    (entry) =>
      entry.dataSource === dataSource &&
      entry.kind === 'delete' &&
      entry.startupCalls < entry.count &&
      entry.errors < entry.count,
  );
}

function deletedTable(text: string): string | undefined {
  return parseStatement(text).tables.find(({ access, depth }) => access === 'write' && depth === 0)?.name;
}
