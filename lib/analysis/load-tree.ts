import type {
  EntityLoadRecord,
  LoadRecord,
  PersistRecord,
  RelationLoadRecord,
} from '../record/load-record.js';
import type { UnitOfWork } from '../record/unit-of-work.js';
import type { AnalysedQuery } from './relation-load.js';

/** Loads nest: a relation load runs entity loads, which run statements. This answers who ran inside of whom. */
export class LoadTree {
  private readonly loads = new Map<number, LoadRecord>();
  private readonly queriesByLoad = new Map<number, AnalysedQuery[]>();

  constructor(
    unit: UnitOfWork,
    readonly queries: readonly AnalysedQuery[],
  ) {
    for (const load of unit.loads) this.loads.set(load.id, load);
    for (const query of queries) this.hangIntoTree(query);
  }

  find(load: number | undefined): LoadRecord | undefined {
    return load === undefined ? undefined : this.loads.get(load);
  }

  /** The relation load closest around a load, that load included. */
  relationAround(load: number | undefined): RelationLoadRecord | undefined {
    for (let record = this.find(load); record !== undefined; record = this.find(record.parentLoad))
      if (record.kind === 'relation') return record;
    return undefined;
  }

  /** The outermost call the user's code made. */
  outermost(load: number | undefined): LoadRecord | undefined {
    let last = this.find(load);
    for (
      let around = this.find(last?.parentLoad);
      around !== undefined;
      around = this.find(around.parentLoad)
    )
      last = around;
    return last;
  }

  persistAround(load: number | undefined): PersistRecord | undefined {
    for (let record = this.find(load); record !== undefined; record = this.find(record.parentLoad))
      if (record.kind === 'persist') return record;
    return undefined;
  }

  /** Every statement that ran inside of a load, at any depth. */
  queriesWithin(load: number): readonly AnalysedQuery[] {
    return this.queriesByLoad.get(load) ?? [];
  }

  /** Entity loads that the user's code asked for itself: outside of relation loads and of saving. */
  *ownEntityLoads(): Generator<EntityLoadRecord> {
    for (const load of this.loads.values())
      if (load.kind === 'entities' && this.outermost(load.id) === load) yield load;
  }

  private hangIntoTree(query: AnalysedQuery): void {
    for (let load = this.find(query.record.load); load !== undefined; load = this.find(load.parentLoad)) {
      const list = this.queriesByLoad.get(load.id);
      if (list === undefined) this.queriesByLoad.set(load.id, [query]);
      else list.push(query);
    }
  }
}
