import type { LoadedEntity } from './loaded-entity.js';

/** What one form of loading took. */
export interface FormFigures {
  readonly statements: number;
  readonly rows: number;
  /** Columns of all rows together. */
  readonly values: number;
  /** Received on the connection, where that can be seen: pg, mysql2. */
  readonly bytes?: number;
  /** From its beginning until all entities were made, in milliseconds. */
  readonly ms: number;
}

/** A column that sorts the entities of one level: relations from the root, and the property. */
export interface SortKey {
  readonly path: readonly string[];
  /** Absent: an expression. */
  readonly property?: string;
}

/** One form of loading, run. */
export interface FormRun {
  readonly figures: FormFigures;
  /** Text of the first statement. */
  readonly firstStatement: string | undefined;
  readonly roots: readonly LoadedEntity[];
  /** Of a loop by hand: what each of its calls gave. */
  readonly calls: readonly (readonly LoadedEntity[])[];
  /** What one call with the keys of all of them gave. */
  readonly byKeys?: readonly LoadedEntity[];
  /** What the query that loads the roots sorts by. */
  readonly sortedBy: readonly SortKey[];
}
