import { schemaModel } from './capture/typeorm/schema-model.js';
import type { SchemaModel } from './record/schema-model.js';

/** The part of a TypeORM `DataSource` that is read here. */
interface DataSourceShape {
  readonly isInitialized?: boolean;
  readonly entityMetadatas?: readonly unknown[];
  readonly name?: string;
  readonly options?: { readonly name?: string };
}

/** Data sources opened by hand that get a name of their own. An application may open one for each of its customers. */
const MAX_BY_HAND = 50;

/** The data sources of one application, by the name they have in records. */
export class KnownDataSources {
  private readonly byName = new Map<string, WeakRef<DataSourceShape>>();
  private readonly models = new Map<string, SchemaModel>();
  private byHand = 0;
  /** Opened before it is known which of them Nest has names for. */
  private readonly unnamed = new Set<WeakRef<DataSourceShape>>();

  /** Nest knows it under this name. */
  add(name: string, dataSource: DataSourceShape): void {
    this.byName.set(name, new WeakRef(dataSource));
  }

  opened(dataSource: DataSourceShape, name?: string): void {
    if (name !== undefined) this.add(name, dataSource);
    else if (this.unnamed.size < MAX_BY_HAND) this.unnamed.add(new WeakRef(dataSource));
  }

  /** Names what was opened and what Nest does not know: by its own name, `default#2` where that is taken. */
  nameOthers(): readonly { readonly name: string; readonly dataSource: object }[] {
    const known = new Set(this.all());
    const others = [...this.unnamed].map((reference) => reference.deref());
    this.unnamed.clear();
    return others.flatMap((dataSource) => {
      if (dataSource === undefined || known.has(dataSource) || this.byHand >= MAX_BY_HAND) return [];
      this.byHand++;
      const name = this.freeName(dataSource.name ?? dataSource.options?.name ?? 'default');
      this.add(name, dataSource);
      return [{ name, dataSource }];
    });
  }

  get(name: string): object | undefined {
    return this.byName.get(name)?.deref();
  }

  names(): readonly string[] {
    return [...this.byName.keys()];
  }

  /** Those that are still there, by name. */
  entries(): readonly (readonly [string, object])[] {
    return [...this.byName].flatMap(([name, reference]) => {
      const dataSource = reference.deref();
      return dataSource === undefined ? [] : [[name, dataSource] as const];
    });
  }

  /** By name, of those that are initialised or have been: only then a data source knows its entities. */
  schemas(): ReadonlyMap<string, SchemaModel> {
    if (this.models.size === this.byName.size) return this.models;
    for (const [name, reference] of this.byName) {
      const dataSource = reference.deref();
      if (this.models.has(name) || !knowsEntities(dataSource)) continue;
      this.models.set(name, schemaModel(dataSource, name));
    }
    return this.models;
  }

  private all(): (DataSourceShape | undefined)[] {
    return [...this.byName.values()].map((reference) => reference.deref());
  }

  private freeName(wanted: string): string {
    let name = wanted;
    for (let number = 2; this.byName.has(name); number++) name = `${wanted}#${String(number)}`;
    return name;
  }
}

function knowsEntities(dataSource: DataSourceShape | undefined): dataSource is DataSourceShape {
  return dataSource?.isInitialized === true || (dataSource?.entityMetadatas ?? []).length > 0;
}
