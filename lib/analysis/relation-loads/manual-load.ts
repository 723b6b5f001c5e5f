import type { EntityModel } from '../../record/schema-model.js';
import { isSameName } from '../../sql/is-same-name.js';
import type { BatchIndex } from '../batch-index.js';
import type { RelationLoad } from '../relation-load.js';
import type { RelationPath, SchemaIndex } from '../schema-index.js';
import { sumOf, uniqueCallSites } from '../totals.js';
import type { KeyLookup, LookupKey } from './key-lookup.js';
import type { MatchedLookup } from './lookup-group.js';
import type { Provenance } from './provenance.js';
import { readWindow } from './read-window.js';
import { isAncestorKey } from './tie.js';

/** A lookup whose value came from a list, as a load of the relation that the two columns make. */
export function manualLoad(
  { lookup, provenance }: MatchedLookup,
  batches: BatchIndex,
  schema: SchemaIndex | undefined,
): RelationLoad {
  const { main, queries } = lookup;
  const { key, tie, source } = provenance;
  const child = schema?.classOf(key.table, lookup.load?.entity);
  const batch = batchOf(provenance, batches);
  const owner = tie.path && ownerClass(tie.path, batch, batches, schema);
  const rows = main.record.rowsReturned ?? 0;
  const entities = lookup.load?.entities ?? rows;
  const parents = key.count;
  const window = readWindow(lookup);
  return {
    strategy: isById(provenance, child, schema) ? 'by-id' : 'manual',
    dataSource: main.record.dataSource,
    relation:
      owner === undefined ? nameOf(lookup, provenance, schema) : `${owner}.${tie.path?.relation.property}`,
    entity: owner,
    property: tie.path?.relation.property,
    target: tie.path?.target?.name ?? child?.name,
    isToMany: tie.path?.relation.kind.endsWith('to-many') === true,
    parents,
    parentBatch: batch,
    queries,
    rows: sumOf(queries, ({ record }) => record.rowsReturned ?? 0),
    entities,
    ...(lookup.load === undefined
      ? {}
      : { carried: { rows: lookup.load.rawRows, distinct: lookup.load.entities } }),
    fanOut: entities / parents,
    maxFanOut: Math.ceil(entities / parents),
    timeMs: {
      wait: sumOf(queries, ({ record }) => record.waitMs),
      execute: sumOf(queries, ({ record }) => record.executeMs),
      hydrate: lookup.load?.hydrateMs ?? 0,
    },
    callSites: uniqueCallSites(queries),
    ...(main.record.fieldPath === undefined ? {} : { fieldPath: main.record.fieldPath }),
    origin: batch === source.batch ? source.origin : batches.origin(batch),
    depth: batch === source.batch ? source.depth : batches.depth(batch),
    identity: keyIdentity(lookup, provenance, schema),
    isCount: main.statement.isCount || main.statement.isExists,
    isKeyList: key.isList && parents === 1,
    isFirstRows: window !== undefined,
    ...(window === undefined ? {} : { window }),
    isFiltered: isFiltered(lookup, provenance, schema),
    ...throughOf(lookup, provenance, child, schema),
    ...(hasRelations(lookup) ? { hasRelations: true } : {}),
    // A key on a table further away is no property of the rows.
    ...(child === undefined || (tie.path === undefined && key.table !== lookup.table)
      ? {}
      : { key: { entity: child.name, property: schema?.property(child, key.column) ?? key.column } }),
  };
}

/** The key alone says which row: not where it is a part of the children's key, or that of the parents they are asked for by. */
function isById(
  { key, tie }: Provenance,
  child: EntityModel | undefined,
  schema: SchemaIndex | undefined,
): boolean {
  if (tie.path?.relation.kind.endsWith('to-many') === true) return false;
  return child !== undefined && schema?.isPrimary(child, key.column) === true;
}

/** Through an entity, `Course.enrolments` for a course's pupils: the rows are one relation further. */
function throughOf(
  { table }: KeyLookup,
  { key, tie }: Provenance,
  child: EntityModel | undefined,
  schema: SchemaIndex | undefined,
): { readonly through?: string } {
  const { path } = tie;
  if (path === undefined || child === undefined || key.table === table || path.target?.table === table)
    return {};
  const property = schema?.soleRelation(child, table, key.table)?.relation.property;
  return property === undefined ? {} : { through: property };
}

function hasRelations({ load, queries }: KeyLookup): boolean {
  const isJoined = load?.joins.some(({ isSelected, isEager }) => isSelected && !isEager) === true;
  const read = queries.filter(({ statement }) => !statement.isDistinctIds);
  return isJoined || read.length > 1;
}

/** Rows of a joined alias are a batch of their own, a level below the main entities. */
function batchOf({ source, column }: Provenance, batches: BatchIndex): number {
  const joined =
    source.load === undefined || column?.alias === undefined
      ? undefined
      : batches.ofAlias(source.load, column.alias);
  return joined ?? source.batch;
}

/** Single-table inheritance: the class that was queried for the parents, or its child class that alone has the relation. */
function ownerClass(
  { entity, relation }: RelationPath,
  batch: number,
  batches: BatchIndex,
  schema: SchemaIndex | undefined,
): string {
  const queried = schema?.classOf(entity.table, batches.find(batch)?.entity);
  const own = queried?.relations.find(({ property }) => property === relation.property);
  return own?.declaredBy ?? (own === undefined ? entity.name : (queried?.name ?? entity.name));
}

function nameOf(lookup: KeyLookup, { key }: Provenance, schema: SchemaIndex | undefined): string {
  const entity = schema?.classOf(lookup.table, lookup.load?.entity);
  const table = entity?.name ?? lookup.table;
  if (isAncestorKey(key)) return `${table} tree`;
  const owner = schema?.ofTable(key.table) ?? entity;
  return `${table} by ${owner === undefined ? key.column : (schema?.property(owner, key.column) ?? key.column)}`;
}

/** The values of the relation's key alone: equal for lookups of one parent, whatever else they ask for. */
function keyIdentity(lookup: KeyLookup, provenance: Provenance, schema: SchemaIndex | undefined): string {
  return ownKeys(lookup, provenance, schema)
    .map(({ column, values }) => `${column}=${values.join()}`)
    .join(' ');
}

function ownKeys(
  { keys }: KeyLookup,
  { key, tie }: Provenance,
  schema: SchemaIndex | undefined,
): readonly LookupKey[] {
  const columns = tie.path === undefined ? [] : keyColumns(tie.path, key, schema);
  const parts = keys.filter(({ table, column }) => table === key.table && columns.includes(column));
  return parts.length === 0 ? [key] : parts;
}

/** A many-to-many relation may be asked for by the parent's own key, on the table behind the junction. */
function keyColumns(
  path: RelationPath,
  { table }: LookupKey,
  schema: SchemaIndex | undefined,
): readonly string[] {
  const { junction } = path.relation;
  if (junction !== undefined && isSameName(table, path.entity.table))
    return junction.own.map(({ references }) => references);
  return schema?.keyColumns(path) ?? [];
}

/** The page of ids that TypeORM reads first for `take` with joins is no condition of the user's. */
function isFiltered(lookup: KeyLookup, provenance: Provenance, schema: SchemaIndex | undefined): boolean {
  const pages = lookup.queries.some(({ statement }) => statement.isDistinctIds) ? 1 : 0;
  const own = ownKeys(lookup, provenance, schema).length + pages;
  return lookup.main.statement.predicates.length > own;
}
