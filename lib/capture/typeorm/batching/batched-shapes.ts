import type {
  ColumnMetadataShape,
  EntityMetadataShape,
  ExpressionMapShape,
  RelationMetadataShape,
} from '../typeorm-shapes.js';

/** The part of TypeORM's objects that loading for many parents needs, the same in 0.3.10 and 1.x where not marked. */

/** A column that says which parent a row belongs to. */
export interface KeyColumnShape extends ColumnMetadataShape {
  readonly referencedColumn?: KeyColumnShape;
  /** Of a foreign key. */
  readonly relationMetadata?: { readonly propertyName: string };
  getEntityValue(entity: object): unknown;
}

/** One relation, with what joins it. */
export interface BatchedRelationShape extends RelationMetadataShape {
  /** Class of the other side. */
  readonly type: unknown;
  readonly isManyToOne: boolean;
  readonly isOneToOne: boolean;
  readonly isOneToOneOwner: boolean;
  readonly isManyToManyOwner: boolean;
  readonly joinColumns: readonly KeyColumnShape[];
  readonly inverseJoinColumns: readonly KeyColumnShape[];
  readonly inverseRelation?: BatchedRelationShape;
  readonly entityMetadata: EntityMetadataShape & { readonly primaryColumns: readonly KeyColumnShape[] };
}

/** A builder of TypeORM that was made for one statement and is given to nobody else. */
export interface ShareBuilderShape {
  readonly expressionMap: ExpressionMapShape & {
    readonly relationIdAttributes?: readonly unknown[];
    readonly relationCountAttributes?: readonly unknown[];
  };
  /** Relations that the `query` strategy is to load with statements of their own. From 0.3.8. */
  readonly relationMetadatas?: readonly unknown[];
  select(selection: string): this;
  addSelect(selection: string, alias: string): this;
  from(target: unknown, alias: string): this;
  escape(name: string): string;
  getMany: (this: ShareBuilderShape) => Promise<object[]>;
  loadRawResults(queryRunner: unknown): Promise<Row[]>;
  executeEntitiesAndRawResults: (this: ShareBuilderShape, queryRunner: unknown) => Promise<RowsAndEntities>;
}

/** A row as the driver returned it. */
export type Row = Readonly<Record<string, unknown>>;

/** What a builder makes of rows. */
export interface RowsAndEntities {
  readonly raw: readonly Row[];
  readonly entities: readonly object[];
}

/** What loads relations. */
export interface BatchedDataSourceShape {
  readonly driver: { prepareHydratedValue(value: unknown, column: KeyColumnShape): unknown };
  readonly relationLoader: {
    load(
      relation: BatchedRelationShape,
      parents: object | readonly object[],
      queryRunner?: unknown,
      builder?: ShareBuilderShape,
    ): Promise<object[]>;
  };
  createQueryBuilder(queryRunner?: unknown): ShareBuilderShape;
}
