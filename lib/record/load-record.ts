import type { EntityReads } from './entity-reads.js';

/** A relation that was joined in one entity load. */
export interface JoinRecord {
  /** The entity class that owns the relation property. */
  readonly entity: string;
  readonly relation: string;
  readonly alias: string;
  readonly parentAlias: string;
  /** `leftJoinAndSelect` and find relations: true; a join that only filters or sorts: false. */
  readonly isSelected: boolean;
  readonly isEager: boolean;
  readonly isToMany: boolean;
  /** Entities that carried the relation and children found on them; absent when they were not counted. */
  readonly parents?: number;
  readonly children?: number;
  readonly maxChildren?: number;
  /** Rows of the statement that carry an entity of the relation, and how many different ones; absent when not counted. */
  readonly carried?: { readonly rows: number; readonly distinct: number };
}

interface LoadBase {
  /** Unique within its unit of work. */
  readonly id: number;
  /** The load this one ran inside of. */
  readonly parentLoad?: number;
  readonly dataSource: string;
  /** Milliseconds since the unit of work began. */
  readonly startMs: number;
  readonly durationMs: number;
}

/** One run of a select query builder that hydrates entities: `find*`, `getMany`, `getOne`. */
export interface EntityLoadRecord extends LoadBase {
  readonly kind: 'entities';
  /** Class name of the main entity. */
  readonly entity: string;
  readonly joins: readonly JoinRecord[];
  /** True for `find*`; its options decide how relations are loaded. */
  readonly isFind: boolean;
  /** Property names in a find's `where`, dotted when nested. */
  readonly where: readonly string[];
  /** Property names the query selects of the main entity; absent when it selects all. */
  readonly select?: readonly string[];
  readonly take?: number;
  readonly skip?: number;
  readonly limit?: number;
  readonly offset?: number;
  readonly relationLoadStrategy: 'join' | 'query';
  /** It reads rows that were removed softly as well. */
  readonly withDeleted?: true;
  /** Rows the driver returned, and root entities made of them. */
  readonly rawRows: number;
  readonly entities: number;
  /** The batch that the loaded root entities form. */
  readonly batch?: number;
  /** Time spent making entities of rows: the load's own time without its statements and inner loads. */
  readonly hydrateMs: number;
  /** What was read of the entities; only for loads that were watched. */
  readonly reads?: EntityReads;
}

/**
 * One call of TypeORM's relation loader: a lazy relation, `qb.relation()`, the `query` strategy, or one statement of
 * QueryLens for many parents (`autoBatch`, `createRelationLoader()`).
 */
export interface RelationLoadRecord extends LoadBase {
  readonly kind: 'relation';
  readonly how: 'lazy' | 'relation-builder' | 'query' | 'batched';
  /** Class that was queried for the parents (STI: the concrete class where it is known). */
  readonly entity: string;
  readonly relation: string;
  readonly target: string;
  readonly isToMany: boolean;
  readonly parents: number;
  /** The batch the first parent belongs to; absent when it was never seen to be loaded. */
  readonly parentBatch?: number;
  readonly entities: number;
  /** Batched: parents that asked for their share, and would each have sent a statement. */
  readonly served?: number;
}

/** One `save`, `remove`, `softRemove` or `recover` call. */
export interface PersistRecord extends LoadBase {
  readonly kind: 'persist';
  readonly operation: 'save' | 'remove' | 'softRemove' | 'recover';
  readonly entity: string;
  /** Entities handed over in the one call. */
  readonly entities: number;
}

/** One call of the entity manager that writes without loading: `insert`, `update`, `delete` and their kin. */
export interface WriteRecord extends LoadBase {
  readonly kind: 'write';
  readonly operation:
    'insert' | 'upsert' | 'update' | 'delete' | 'softDelete' | 'restore' | 'increment' | 'decrement';
  readonly entity: string;
}

/** What TypeORM was asked to do, above the level of statements. */
export type LoadRecord = EntityLoadRecord | RelationLoadRecord | PersistRecord | WriteRecord;

/**
 * Entities that came from one list load, or that were lazily loaded, relation by relation, from the entities of one
 * such list. The unit of evidence for n-plus-one: parents of a batch of one were loaded singly.
 */
export interface ParentBatch {
  /** Unique within the process: an entity kept by the application keeps its batch across units of work. */
  readonly id: number;
  readonly entity: string;
  readonly size: number;
  /** The load that made it, when it ran in this unit. */
  readonly load?: number;
  /** The batch and relation its entities were loaded through. */
  readonly from?: { readonly batch: number; readonly entity: string; readonly relation: string };
}
