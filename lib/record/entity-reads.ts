/** Which loads are watched for what is read of them: none, the first 50 of each kind and then 1 of 20, or all. */
export type TrackReads = 'off' | 'sampled' | 'all';

/**
 * What happened to a loaded property until the unit of work ended; of several the last of these counts. `copied`: read
 * only together with all others, by a spread or a clone, so whether somebody wanted it is unknown. `sent`: read after the
 * handler had returned, by interceptors and what writes the response, or given to the unit's caller. `read`: by the
 * handler's code, or by a field of a GraphQL query.
 */
export type ReadState = 'unread' | 'copied' | 'sent' | 'read';

/** A loaded column, by the first step of its property path: an embedded object is one column here. */
export interface ColumnRead {
  readonly property: string;
  readonly state: ReadState;
  /** Estimated size of what the whole load brought of it; only for unread columns. */
  readonly bytes: number;
}

/** Entities of one load that were reached through the same relations. */
export interface NodeRead {
  /** Relations from the root: `''`, `comments`, `comments.author`. */
  readonly path: string;
  readonly entity: string;
  /** Class and property that led here; absent for the root. */
  readonly owner?: string;
  readonly relation?: string;
  /** Of the relation; `read` for the root. */
  readonly state: ReadState;
  /** Entities found; for a relation, on the parents that were watched. */
  readonly rows: number;
  /** Empty where columns cannot be chosen: single-table inheritance. */
  readonly columns: readonly ColumnRead[];
}

/** What was read of the entities of one load, for the loads that were sampled. */
export interface EntityReads {
  /** Name of the root entity in the query. */
  readonly alias: string;
  /** One of the entities was handed to `save`, `remove` or their kin. */
  readonly isSaved: boolean;
  /** Root first, parents before their children. */
  readonly nodes: readonly NodeRead[];
}

/** Watches the entities of one load until its unit of work has ended. */
export interface ReadWatch {
  /** Id of the load. */
  readonly load: number;
  /** Entities that were handed to `save` or its kin. */
  persisted(entities: readonly unknown[]): void;
  /** What the unit of work gave to its caller, who may read it later, unseen. */
  returned(value: unknown): void;
  /** The handler has returned: from now on the response is written. */
  sending(): void;
  /** Makes the entities plain again. */
  end(): EntityReads;
}
