/** An entity with the relations that were loaded of it, without anything of TypeORM or of its class. */
export interface LoadedEntity {
  /** Class and primary key: equal for equal entities. */
  readonly id: string;
  readonly entity: string;
  /** Columns that were loaded, by property path. */
  readonly values: ReadonlyMap<string, unknown>;
  /** Relations that were loaded, by property path; a to-one relation is a list of one or none. */
  readonly relations: ReadonlyMap<string, readonly LoadedEntity[]>;
}
