import type { BatchedDataSourceShape, BatchedRelationShape } from './batched-shapes.js';
import { loadShares, UnsureError, withKeys, type KeyedParent, type Share } from './load-shares.js';
import { relationKey, type RelationKey } from './relation-key.js';

/** Values bound by one statement: SQLite nests conditions up to 1000 deep, SQL Server takes 2100 parameters. */
const MAX_VALUES = 900;

/** Parents that one statement may serve. */
export function maxParents(key: RelationKey): number {
  return Math.floor(MAX_VALUES / key.ofParent.length);
}

/**
 * Loads a relation for the given parents, in their order, with one statement for each 900 keys. Parents whose share
 * cannot be told apart for certain are asked for one by one, as TypeORM does. Without `queryRunner` on any connection.
 *
 * @returns for each parent its children, or the error of its own statement.
 * @throws what a statement for many parents throws.
 */
export async function loadRelation(
  dataSource: BatchedDataSourceShape,
  relation: BatchedRelationShape,
  parents: readonly object[],
  queryRunner?: object,
): Promise<readonly (readonly object[] | Error)[]> {
  const key = relationKey(relation);
  const keyed = key === undefined ? [] : (withKeys(key, parents) ?? []);
  const shares = new Map<object, Share>();
  for (const chunk of chunksOf(keyed, key)) {
    if (chunk.length < 2) continue;
    const loaded = await sharesOrNone(dataSource, relation, key as RelationKey, chunk, queryRunner);
    loaded.forEach((share, index) => shares.set((chunk[index] as KeyedParent).parent, share));
  }
  return Promise.all(
    parents.map(async (parent) => {
      const share = shares.get(parent);
      if (share !== undefined && 'children' in share) return share.children;
      return alone(dataSource, relation, parent, queryRunner);
    }),
  );
}

async function sharesOrNone(
  dataSource: BatchedDataSourceShape,
  relation: BatchedRelationShape,
  key: RelationKey,
  parents: readonly KeyedParent[],
  queryRunner: object | undefined,
): Promise<readonly Share[]> {
  const batched = { served: parents.length };
  try {
    return await loadShares({ dataSource, relation, key, parents, queryRunner, batched });
  } catch (error) {
    if (error instanceof UnsureError) return [];
    throw error;
  }
}

/** One parent's failure is not that of the others. */
async function alone(
  { relationLoader }: BatchedDataSourceShape,
  relation: BatchedRelationShape,
  parent: object,
  queryRunner: object | undefined,
): Promise<readonly object[] | Error> {
  try {
    return await relationLoader.load(relation, parent, queryRunner);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function chunksOf(
  keyed: readonly KeyedParent[],
  key: RelationKey | undefined,
): readonly (readonly KeyedParent[])[] {
  if (key === undefined) return [];
  const size = maxParents(key);
  const chunks: (readonly KeyedParent[])[] = [];
  for (let at = 0; at < keyed.length; at += size) chunks.push(keyed.slice(at, at + size));
  return chunks;
}
