import type { LoadRecord, RelationLoadRecord } from '../../record/load-record.js';
import type { UnitOfWork } from '../../record/unit-of-work.js';
import type { LoadTree } from '../load-tree.js';
import type { AnalysedQuery } from '../relation-load.js';
import type { SchemaIndex } from '../schema-index.js';

/**
 * The query strategy reads a relation's entities, and then, by a statement of the call around it, which of them belong to
 * which parent. That statement is the relation's own cost: here by the relation's load.
 */
export function idPairs(
  unit: UnitOfWork,
  tree: LoadTree,
  schemaOf: (dataSource: string) => SchemaIndex | undefined,
): ReadonlyMap<number, AnalysedQuery> {
  if (!unit.loads.some(isQueried)) return NO_PAIRS;
  const pairs = new Map<number, AnalysedQuery>();
  const taken = new Set<AnalysedQuery>();
  for (const load of unit.loads) {
    if (!isQueried(load) || load.parentLoad === undefined) continue;
    const table = pairTable(load, schemaOf(load.dataSource))?.toLowerCase();
    const after = tree.queriesWithin(load.id).at(-1)?.record.sequence ?? Infinity;
    const pair = tree
      .queriesWithin(load.parentLoad)
      .find((query) => isPair(query, load, after, table) && !taken.has(query));
    if (pair === undefined) continue;
    taken.add(pair);
    pairs.set(load.id, pair);
  }
  return pairs;
}

const NO_PAIRS: ReadonlyMap<number, AnalysedQuery> = new Map();

function isQueried(load: LoadRecord): load is RelationLoadRecord {
  return load.kind === 'relation' && load.how === 'query';
}

function isPair(
  { record, statement }: AnalysedQuery,
  { parentLoad }: RelationLoadRecord,
  after: number,
  table: string | undefined,
): boolean {
  const [from, ...others] = statement.tables;
  return (
    record.load === parentLoad &&
    record.sequence > after &&
    statement.kind === 'select' &&
    others.length === 0 &&
    from?.name.toLowerCase() === table
  );
}

/** Where the foreign keys stand: the junction table, the children's, or the parents' own. */
function pairTable(load: RelationLoadRecord, schema: SchemaIndex | undefined): string | undefined {
  const owner = schema?.entity(load.entity);
  const relation = owner?.relations.find(({ property }) => property === load.relation);
  if (relation === undefined) return undefined;
  if (relation.junction !== undefined) return relation.junction.table;
  return relation.isOwning ? owner?.table : schema?.entity(relation.target)?.table;
}
