import type { EntityModel, RelationModel, SchemaModel } from '../record/schema-model.js';
import { isSameName } from '../sql/is-same-name.js';

/** A relation, seen from the side that somebody walks it. */
export interface RelationPath {
  readonly entity: EntityModel;
  readonly relation: RelationModel;
  readonly target?: EntityModel;
}

/** Two columns that a relation joins; without a path where the looked-up side declares it and the other side does not. */
export interface KeyJoin {
  readonly path?: RelationPath;
}

/** Finds entities by table and relations by the columns that join them. */
export class SchemaIndex {
  private readonly byTable = new Map<string, EntityModel[]>();
  private readonly byName = new Map<string, EntityModel>();
  private readonly byJunction = new Map<string, RelationPath[]>();
  private readonly columns = new Map<EntityModel, ReadonlySet<string>>();

  constructor(readonly schema: SchemaModel) {
    for (const entity of schema.entities) {
      this.byName.set(entity.name, entity);
      add(this.byTable, tableKey(entity.table), entity);
    }
    for (const entity of schema.entities)
      for (const relation of entity.relations)
        if (relation.junction !== undefined)
          add(this.byJunction, tableKey(relation.junction.table), this.path(entity, relation));
  }

  entity(name: string | undefined): EntityModel | undefined {
    return name === undefined ? undefined : this.byName.get(name);
  }

  /** The entity of a table: the base class where classes share it. */
  ofTable(table: string): EntityModel | undefined {
    const entities = this.byTable.get(tableKey(table));
    return entities?.find((entity) => entity.parent === undefined) ?? entities?.[0];
  }

  /** The class that was queried where it is one of the table's, otherwise the base class. */
  classOf(table: string, queried: string | undefined): EntityModel | undefined {
    return this.byTable.get(tableKey(table))?.find(({ name }) => name === queried) ?? this.ofTable(table);
  }

  /** Its rows are its own: a table of an entity or of a many-to-many relation, no view and nothing that no entity is made for. */
  isOwnTable(table: string): boolean {
    const entity = this.ofTable(table);
    return entity === undefined ? this.byJunction.has(tableKey(table)) : entity.isView !== true;
  }

  /** Tables that the rows of a table refer to: where rows are deleted there, the database may change those that refer to them. */
  referredBy(table: string): readonly string[] {
    const own = this.byTable.get(tableKey(table)) ?? [];
    const owning = own.flatMap(({ relations }) =>
      relations.filter(({ joinColumns }) => joinColumns.length > 0),
    );
    const sides = this.byJunction.get(tableKey(table)) ?? [];
    const classes = [...owning, ...sides.map(({ relation }) => relation)].map(({ target }) => target);
    return [...classes, ...sides.map(({ entity }) => entity.name)].flatMap(
      (name) => this.entity(name)?.table ?? [],
    );
  }

  hasColumn(entity: EntityModel, column: string): boolean {
    let names = this.columns.get(entity);
    if (names === undefined) this.columns.set(entity, (names = columnNames(entity)));
    return names.has(column);
  }

  /**
   * The relation that is walked when `table.column` is looked up with values of `parent.parentColumn`: to-one by the
   * parent's foreign key, the inverse side by the child's, or many-to-many by the junction table's. All columns of its key
   * must be given.
   */
  between(
    parent: EntityModel,
    parentColumn: string,
    table: string,
    column: string,
    given: readonly string[] = [column],
  ): KeyJoin | undefined {
    const child = this.ofTable(table);
    if (child !== undefined) {
      const path = this.toOne(parent, parentColumn, child, column, given);
      return path === undefined ? this.toMany(parent, parentColumn, child, column, given) : { path };
    }
    const path = this.throughJunction(parent, parentColumn, table, column, given);
    return path && { path };
  }

  /** A relation of the entity that a lookup by this column walks, whichever of the entity's columns it starts from. */
  anyBetween(parent: EntityModel, table: string, column: string): KeyJoin | undefined {
    for (const name of columnNames(parent)) {
      const join = this.between(parent, name, table, column);
      if (join !== undefined) return join;
    }
    return undefined;
  }

  /** The one relation between two tables where a join leads from the one to the other, keyed by the parent itself. */
  soleRelation(parent: EntityModel, table: string, keyTable: string): RelationPath | undefined {
    if (table === keyTable) return undefined;
    const target = this.ofTable(table);
    const relations = parent.relations.filter(
      (relation) => target !== undefined && this.shareTable(relation.target, target.name),
    );
    const [relation] = relations;
    return relation !== undefined && relations.length === 1 ? this.path(parent, relation) : undefined;
  }

  /** The many-to-many relation of the parent whose junction table a statement joins to the rows it reads. */
  throughJoined(
    parent: EntityModel,
    isJoined: (junctionTable: string, column: string) => boolean,
  ): RelationPath | undefined {
    const relation = parent.relations.find(
      ({ junction }) =>
        junction?.other.every(({ column }) => isJoined(tableKey(junction.table), column)) === true,
    );
    return relation && this.path(parent, relation);
  }

  /** Relations whose foreign key is this column of this entity, seen from the other end. */
  inverseOf(child: EntityModel, childColumn: string): RelationPath | undefined {
    for (const relation of child.relations) {
      if (!relation.isOwning || !relation.joinColumns.some((join) => isSameName(join.column, childColumn)))
        continue;
      const path = this.inverse(child, relation);
      if (path !== undefined) return path;
    }
    return undefined;
  }

  /** Columns by which the rows of a relation are looked up: of the target, or of the junction table. */
  keyColumns({ relation, target }: RelationPath): readonly string[] {
    if (relation.junction !== undefined) return relation.junction.own.map(({ column }) => column);
    if (relation.isOwning) return relation.joinColumns.map(({ references }) => references);
    const owning = target?.relations.find(({ property }) => property === relation.inverse);
    return owning?.joinColumns.map(({ column }) => column) ?? [];
  }

  /** Property name for a database column; the column's own name where the entity does not map it. */
  property(entity: EntityModel, column: string): string {
    return entity.columns.find((candidate) => isSameName(candidate.column, column))?.property ?? column;
  }

  isPrimary(entity: EntityModel, column: string): boolean {
    return entity.columns.some((candidate) => candidate.isPrimary && isSameName(candidate.column, column));
  }

  private toOne(
    parent: EntityModel,
    parentColumn: string,
    child: EntityModel,
    childColumn: string,
    given: readonly string[],
  ): RelationPath | undefined {
    const relation = parent.relations.find(
      (candidate) =>
        this.shareTable(candidate.target, child.name) &&
        candidate.joinColumns.some(
          (join) => isSameName(join.column, parentColumn) && isSameName(join.references, childColumn),
        ) &&
        candidate.joinColumns.every((join) => isGiven(given, join.references)),
    );
    return relation && this.path(parent, relation);
  }

  private toMany(
    parent: EntityModel,
    parentColumn: string,
    child: EntityModel,
    childColumn: string,
    given: readonly string[],
  ): KeyJoin | undefined {
    const owning = child.relations.find(
      (candidate) =>
        this.shareTable(candidate.target, parent.name) &&
        candidate.joinColumns.some(
          (join) => isSameName(join.column, childColumn) && isSameName(join.references, parentColumn),
        ) &&
        candidate.joinColumns.every((join) => isGiven(given, join.column)),
    );
    return owning && { path: this.inverse(child, owning) };
  }

  private throughJunction(
    parent: EntityModel,
    parentColumn: string,
    table: string,
    column: string,
    given: readonly string[],
  ): RelationPath | undefined {
    return this.byJunction
      .get(tableKey(table))
      ?.find(
        ({ entity, relation: { junction } }) =>
          this.shareTable(entity.name, parent.name) &&
          junction?.own.some(
            (join) => isSameName(join.column, column) && isSameName(join.references, parentColumn),
          ) === true &&
          junction.own.every((join) => isGiven(given, join.column)),
      );
  }

  private inverse(child: EntityModel, owning: RelationModel): RelationPath | undefined {
    const entity = this.entity(owning.target);
    const relation = entity?.relations.find((candidate) => candidate.property === owning.inverse);
    return entity && relation && { entity, relation, target: child };
  }

  private path(entity: EntityModel, relation: RelationModel): RelationPath {
    return { entity, relation, target: this.entity(relation.target) };
  }

  private shareTable(one: string, other: string): boolean {
    return one === other || this.entity(one)?.table === this.entity(other)?.table;
  }
}

function columnNames(entity: EntityModel): ReadonlySet<string> {
  const own = entity.columns.map(({ column }) => column);
  return new Set([
    ...own,
    ...entity.relations.flatMap(({ joinColumns }) => joinColumns.map(({ column }) => column)),
  ]);
}

function add<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function isGiven(given: readonly string[], column: string): boolean {
  return given.some((name) => isSameName(name, column));
}

/** Table names are compared without their schema and in lower case. */
export function tableKey(table: string): string {
  return table.slice(table.lastIndexOf('.') + 1).toLowerCase();
}
