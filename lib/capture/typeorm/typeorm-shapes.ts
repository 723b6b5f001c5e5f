/**
 * The part of TypeORM's objects that capture reads, the same in 0.3.10 and 1.x where not marked. Described here and not
 * imported, because much of it is internal to TypeORM, and because each version types it differently.
 */

/** What makes query runners; options are those of the data source. */
export interface DriverShape {
  readonly options: { readonly type: string; readonly poolSize?: unknown; readonly [key: string]: unknown };
  readonly database?: string;
  readonly isReplicated?: boolean;
  createQueryRunner(mode: string): object;
}

/** A data source, initialised or not. */
export interface DataSourceShape {
  /** Up to 0.3. */
  readonly name?: string;
  readonly options: { readonly type: string; readonly name?: string };
  readonly driver: DriverShape;
  readonly manager: object;
  readonly relationLoader?: object;
  /** Where `cache` is configured. */
  readonly queryResultCache?: object;
  readonly entityMetadatas: readonly EntityMetadataShape[];
  createQueryBuilder(): object;
  hasMetadata(target: unknown): boolean;
  getMetadata(target: unknown): EntityMetadataShape;
}

/** One connection, or the promise of one. */
export interface QueryRunnerShape {
  readonly driver: object;
  readonly isTransactionActive: boolean;
  readonly mode?: string;
}

/** A column of an entity, a junction table or a join. */
export interface ColumnMetadataShape {
  readonly propertyPath: string;
  readonly propertyName: string;
  readonly databaseName: string;
  readonly isPrimary: boolean;
  readonly isVirtual: boolean;
  readonly referencedColumn?: ColumnMetadataShape;
}

/** What `@Index()` came to. */
export interface IndexMetadataShape {
  readonly name: string;
  readonly givenName?: string;
  readonly isUnique: boolean;
  readonly columns: readonly ColumnMetadataShape[];
}

/** What the decorators of a class came to. */
export interface EntityMetadataShape {
  readonly name: string;
  readonly target: unknown;
  readonly tableName: string;
  readonly tableType: string;
  readonly schema?: string;
  readonly parentEntityMetadata?: EntityMetadataShape;
  readonly childEntityMetadatas: readonly EntityMetadataShape[];
  readonly columns: readonly ColumnMetadataShape[];
  readonly indices?: readonly IndexMetadataShape[];
  readonly relations: readonly RelationMetadataShape[];
  readonly lazyRelations: readonly unknown[];
  readonly orderBy?: object;
  findRelationWithPropertyPath(path: string): RelationMetadataShape | undefined;
}

/** One relation, seen from one side. */
export interface RelationMetadataShape {
  readonly propertyName: string;
  readonly propertyPath: string;
  readonly relationType: 'one-to-one' | 'many-to-one' | 'one-to-many' | 'many-to-many';
  readonly isLazy: boolean;
  readonly isEager: boolean;
  readonly isOwning: boolean;
  readonly isOneToMany: boolean;
  readonly isManyToMany: boolean;
  readonly target: unknown;
  readonly entityMetadata: EntityMetadataShape;
  readonly inverseEntityMetadata: EntityMetadataShape;
  readonly inverseRelation?: RelationMetadataShape;
  readonly junctionEntityMetadata?: EntityMetadataShape;
  readonly joinColumns: readonly ColumnMetadataShape[];
  readonly inverseJoinColumns: readonly ColumnMetadataShape[];
}

/** A table in a query. */
export interface AliasShape {
  readonly name: string;
  readonly hasMetadata: boolean;
  /** Throws where the alias has none. */
  readonly metadata: EntityMetadataShape;
}

/** One join of a query. `relation` may throw where the query is wrong. */
export interface JoinAttributeShape {
  readonly alias: AliasShape;
  readonly parentAlias?: string;
  readonly isSelected: boolean;
  readonly relation?: RelationMetadataShape;
  readonly mapToPropertyPropertyName?: string;
}

/** What a query builder was told. */
export interface ExpressionMapShape {
  readonly mainAlias?: AliasShape;
  readonly aliases: readonly AliasShape[];
  readonly selects: readonly { readonly selection: string }[];
  readonly joinAttributes: readonly JoinAttributeShape[];
  readonly relationLoadStrategy?: 'join' | 'query';
  readonly withDeleted?: boolean;
  readonly take?: number | null;
  readonly skip?: number | null;
  readonly limit?: number | null;
  readonly offset?: number | null;
  /** By column: `post.title`. */
  readonly orderBys?: object;
}

/** A SELECT being built. */
export interface SelectQueryBuilderShape {
  /** From 1.0. */
  readonly dataSource?: DataSourceShape;
  /** Up to 0.3. */
  readonly connection?: DataSourceShape;
  readonly expressionMap: ExpressionMapShape;
  readonly findOptions?: { readonly where?: unknown };
}

/** What `save` is called on. */
export interface EntityManagerShape {
  readonly dataSource?: DataSourceShape;
  readonly connection?: DataSourceShape;
}
