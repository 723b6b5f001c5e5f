import type {
  BatchedDataSourceShape,
  BatchedRelationShape,
  Row,
  RowsAndEntities,
  ShareBuilderShape,
} from './batched-shapes.js';
import { BATCHED, inPlaceOf, type Batched } from './in-place.js';
import { foldedKey, keyText } from './key-text.js';
import { keyAlias, keyValues, type RelationKey } from './relation-key.js';

/** What is loaded for whom. Each parent stands with the key it has now. */
export interface SharedLoad {
  readonly dataSource: BatchedDataSourceShape;
  readonly relation: BatchedRelationShape;
  readonly key: RelationKey;
  readonly parents: readonly KeyedParent[];
  /** The one the parents are bound to; undefined: any connection of the pool. */
  readonly queryRunner?: unknown;
  /** How the load is recorded. */
  readonly batched: Batched;
}

/** A parent and its key, see `keyText()`. */
export interface KeyedParent {
  readonly parent: object;
  readonly key: string;
}

/** Children of one parent, or why it has to be asked for alone; `isOfStatement`: the statement for all has failed. */
export type Share =
  { readonly children: readonly object[] } | { readonly failure: unknown; readonly isOfStatement?: true };

/** TypeORM needs more than one statement, so each parent has to be asked for alone. */
export class UnsureError extends Error {}

/** The rows do not say whose they are: nobody gets any, and each parent has to be asked for alone. */
export class UnknownOwnerError extends UnsureError {}

/** Parents with the keys they have; undefined where one key may be another's in the eyes of the database. */
export function withKeys(key: RelationKey, parents: readonly object[]): readonly KeyedParent[] | undefined {
  const byFolded = new Map<string, string>();
  const keyed: KeyedParent[] = [];
  for (const parent of parents) {
    const text = keyText(keyValues(key, parent));
    if (text === undefined) continue;
    const folded = foldedKey(text);
    if ((byFolded.get(folded) ?? text) !== text) return undefined;
    byFolded.set(folded, text);
    keyed.push({ parent, key: text });
  }
  return keyed;
}

/**
 * Loads a relation for many parents with the one statement that TypeORM's relation loader makes for them, and gives each
 * parent what its own statement would have given: TypeORM makes entities of each parent's rows apart, so that no two
 * parents share an object, and in the order of the rows.
 *
 * @throws UnsureError, and whatever the statement throws.
 */
export async function loadShares(load: SharedLoad): Promise<readonly Share[]> {
  const { dataSource, relation, parents, queryRunner } = load;
  const builder = builderFor(load);
  let shares: readonly Share[] | undefined;
  const { getMany } = builder;
  builder.getMany = async function () {
    selectKeys(this, load.key);
    const execute = this.executeEntitiesAndRawResults;
    const inPlace = inPlaceOf(execute);
    this.executeEntitiesAndRawResults = async (runner) =>
      inPlace(this, async (bare) => {
        const split = await splitRows(this, load, runner, bare as typeof execute);
        shares = split.shares;
        return split.all;
      }) as Promise<RowsAndEntities>;
    return getMany.call(this);
  };
  await dataSource.relationLoader.load(
    relation,
    parents.map(({ parent }) => parent),
    queryRunner,
    builder,
  );
  if (shares === undefined) throw new UnsureError('TypeORM did not run the statement as it was expected to.');
  return shares;
}

/** As the relation loader makes it for itself. */
function builderFor({ dataSource, relation, queryRunner, batched }: SharedLoad): ShareBuilderShape {
  const isInverse = !relation.isManyToMany && !relation.isManyToOne && !relation.isOneToOneOwner;
  const target = isInverse ? relation.inverseRelation?.entityMetadata.target : relation.type;
  const builder = dataSource
    .createQueryBuilder(queryRunner)
    .select(relation.propertyName)
    .from(target, relation.propertyName);
  return Object.assign(builder, { [BATCHED]: batched });
}

const KEY_ALIAS = 'query_lens_parent_';

/** Aliases of columns of entities would rename the columns; escaped names are expressions to TypeORM. */
function selectKeys(builder: ShareBuilderShape, key: RelationKey): void {
  const alias = keyAlias(key, builder);
  if (alias === undefined || !isOneStatement(builder))
    throw new UnsureError('TypeORM would need statements for each parent.');
  key.inRows.forEach((name, index) => {
    builder.addSelect(`${builder.escape(alias)}.${builder.escape(name)}`, KEY_ALIAS + String(index));
  });
}

/** `@RelationId` of a collection, and eager relations by the `query` strategy, send statements for each group of entities. */
function isOneStatement({ expressionMap, relationMetadatas = [] }: ShareBuilderShape): boolean {
  const tables = [expressionMap.mainAlias, ...expressionMap.joinAttributes.map(({ alias }) => alias)];
  const hasIds = tables.some((alias) => {
    if (alias?.hasMetadata !== true) return false;
    const { relationIds = [], relationCounts = [] } = alias.metadata as IdsMetadata;
    return relationCounts.length > 0 || !relationIds.every(isReadFromRows);
  });
  return !hasIds && relationMetadatas.length === 0;
}

/** Ids and counts of relations that TypeORM puts on entities. */
interface IdsMetadata {
  readonly relationIds?: readonly RelationIdShape[];
  readonly relationCounts?: readonly unknown[];
}
interface RelationIdShape {
  readonly relation?: Pick<BatchedRelationShape, 'isManyToOne' | 'isOneToOneOwner'>;
}

/** The id of a to-one relation is the row's own foreign key. */
function isReadFromRows({ relation }: RelationIdShape): boolean {
  return relation?.isManyToOne === true || relation?.isOneToOneOwner === true;
}

async function splitRows(
  builder: ShareBuilderShape,
  load: SharedLoad,
  queryRunner: unknown,
  execute: ShareBuilderShape['executeEntitiesAndRawResults'],
): Promise<{ readonly shares: readonly Share[]; readonly all: RowsAndEntities }> {
  const raw = await builder.loadRawResults(queryRunner);
  const byKey = rowsByKey(raw, load);
  const entities: object[] = [];
  const shares: Share[] = [];
  for (const { key } of load.parents) {
    const rows = byKey.get(key);
    if (rows === undefined) {
      shares.push({ children: [] });
      continue;
    }
    builder.loadRawResults = () => Promise.resolve(rows);
    try {
      const { entities: children } = await execute.call(builder, queryRunner);
      shares.push({ children });
      entities.push(...children);
    } catch (failure) {
      // A listener of the host has thrown: it does so again, for the parent that is asked for alone.
      shares.push({ failure });
    }
  }
  return { shares, all: { raw, entities } };
}

function rowsByKey(
  raw: readonly Row[],
  { key, parents, dataSource, relation }: SharedLoad,
): Map<string, Row[]> {
  const known = new Set(parents.map((parent) => parent.key));
  const byKey = new Map<string, Row[]>();
  for (const row of raw) {
    const text = keyText(
      key.ofParent.map((column, index) =>
        dataSource.driver.prepareHydratedValue(row[KEY_ALIAS + String(index)], column),
      ),
    );
    if (text === undefined || !known.has(text))
      throw new UnknownOwnerError(`${relation.propertyPath}: a row belongs to no parent.`);
    const rows = byKey.get(text);
    if (rows === undefined) byKey.set(text, [row]);
    else rows.push(row);
  }
  return byKey;
}
