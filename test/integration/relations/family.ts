import type {
  DataSource,
  EntityManager,
  EntityTarget,
  ObjectLiteral,
  RelationOptions,
  Repository,
} from 'typeorm';

/** How the relation under test is declared. Nothing else of an entity depends on it. */
export type Declared = 'plain' | 'lazy' | 'eager';

export type Repositories = <T extends ObjectLiteral>(entity: EntityTarget<T>) => Repository<T>;

/** One row of the matrix: a list of parents, and one relation of theirs. */
export interface Row {
  readonly parents: EntityTarget<ObjectLiteral>;
  /** From a parent to what is read: `books`, `address.city`, `enrolments.pupil`. */
  readonly path: string;
  /** Single-table inheritance: the rows of the list that have the relation. */
  readonly isParent?: (row: object) => boolean;
  /** What somebody writes who does not use the relation: the rows of one parent, by a key it carries. */
  readonly byHand: (parent: any, of: Repositories) => Promise<unknown>;
}

/** Entities of their own for each relation, so that it can be lazy or eager without its inverse side being so. */
export interface Family {
  readonly entities: readonly (new () => object)[];
  /** By the title of the row in the table. */
  readonly rows: Readonly<Record<string, Row>>;
  /** Called once, on tables that are empty, with the declaration `plain`. */
  readonly fill: (manager: EntityManager) => Promise<unknown>;
}

export interface FamilyOptions {
  readonly declared: Declared;
  /** The same, for the decorator of the relation under test. */
  readonly relation: Pick<RelationOptions, 'lazy' | 'eager'>;
  readonly dialect: 'sqlite' | 'postgres' | 'mysql';
}

export type MakeFamily = (options: FamilyOptions) => Family;

/** Parents, in most families; collections have two children each. Generated ids are the same numbers. */
export const four = [1, 2, 3, 4] as const;

export const repositoriesOf =
  (dataSource: DataSource): Repositories =>
  (entity) =>
    dataSource.getRepository(entity);
