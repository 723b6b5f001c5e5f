import type { LoadRecord } from './load-record.js';

/** What capture notes in a unit of work, so that relations can be loaded for many parents at once. */
export class UnitBatching {
  /** Lazy relations are loaded for whole lists, whatever the options say: `@AutoBatch()`. */
  isOn = false;
  /** Statements that may have changed something, and have ended. */
  writes = 0;
  /** Relation loads that serve many parents, by load: how many so far. */
  readonly servings = new Map<number, { readonly served: number }>();

  /** The load with what came of it, when the unit has ended. */
  finished(load: LoadRecord): LoadRecord {
    const serving = this.servings.size === 0 ? undefined : this.servings.get(load.id);
    return serving === undefined || load.kind !== 'relation' ? load : { ...load, served: serving.served };
  }
}
