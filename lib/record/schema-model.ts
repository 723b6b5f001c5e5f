export type RelationKind = 'one-to-one' | 'many-to-one' | 'one-to-many' | 'many-to-many';

/** A column of this table and the column it refers to. Database names. */
export interface JoinColumn {
  readonly column: string;
  readonly references: string;
}

/** One relation property of an entity class. */
export interface RelationModel {
  readonly property: string;
  readonly kind: RelationKind;
  /** Class name at the other end. */
  readonly target: string;
  readonly isOwning: boolean;
  readonly isLazy: boolean;
  readonly isEager: boolean;
  /** Property of the target that points back. */
  readonly inverse?: string;
  /** Owning to-one side: foreign key columns of this entity's table. */
  readonly joinColumns: readonly JoinColumn[];
  /** Many-to-many, both sides: the junction table; `own` refer to this entity, `other` to the target. */
  readonly junction?: {
    readonly table: string;
    readonly own: readonly JoinColumn[];
    readonly other: readonly JoinColumn[];
  };
  /** Single-table inheritance: the child class that alone has the relation, in the model of its base class. */
  readonly declaredBy?: string;
}

/** One mapped column. */
export interface ColumnModel {
  /** Property path on the entity. */
  readonly property: string;
  /** Database name. */
  readonly column: string;
  readonly isPrimary: boolean;
}

/** An index that an entity class declares. */
export interface IndexModel {
  /** In the database. */
  readonly name: string;
  /** The name is in the decorator; else TypeORM made it. */
  readonly isNamed: boolean;
  /** Database names, in order. */
  readonly columns: readonly string[];
}

/** One entity class and its table. */
export interface EntityModel {
  /** Class name. */
  readonly name: string;
  readonly table: string;
  readonly schema?: string;
  /** `@ViewEntity()`: its rows are those of other tables. */
  readonly isView?: true;
  /** Where its class was loaded from, relative to the working directory; known of CommonJS modules. */
  readonly file?: string;
  /** Single-table inheritance: the class this one shares its table with. */
  readonly parent?: string;
  /** Its query builders are sorted by the class's own `orderBy`, unless they are told otherwise. */
  readonly isSorted?: true;
  readonly columns: readonly ColumnModel[];
  readonly indexes?: readonly IndexModel[];
  readonly relations: readonly RelationModel[];
}

/** What TypeORM's metadata says of one data source, as plain data. */
export interface SchemaModel {
  readonly dataSource: string;
  /** TypeORM's driver type: `postgres`, `sqljs`. */
  readonly driver: string;
  readonly typeormVersion: '0.3' | '1';
  /** Statements that can run at once; absent where the pool keeps that to itself. */
  readonly maxConnections?: number;
  readonly entities: readonly EntityModel[];
}
