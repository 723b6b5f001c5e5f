import type { EntityLoadRecord, ParentBatch } from '../record/load-record.js';
import type { UnitOfWork } from '../record/unit-of-work.js';
import type { LoadTree } from './load-tree.js';
import { queryOrigin } from './query-origin.js';

/** Nobody walks this deep. */
const MAX_LEVELS = 50;

/** The parent batches of a unit: how large, from which list, how deep. */
export class BatchIndex {
  private readonly batches = new Map<number, ParentBatch>();
  private readonly origins = new Map<number, string>();
  /** Batches made along the joins of a load: by load, parent batch and relation. */
  private readonly joined = new Map<string, number>();

  constructor(
    unit: UnitOfWork,
    private readonly tree: LoadTree,
  ) {
    for (const batch of unit.batches) {
      const { id, load, from } = batch;
      this.batches.set(id, batch);
      if (load !== undefined && from !== undefined)
        this.joined.set(joinKey(load, from.batch, from.relation), id);
    }
  }

  /** Rows that form a batch without being entities that TypeORM made of one load: raw rows, rows read one by one. */
  add(batch: ParentBatch, origin: string): void {
    this.batches.set(batch.id, batch);
    this.origins.set(batch.id, origin);
  }

  find(batch: number | undefined): ParentBatch | undefined {
    return batch === undefined ? undefined : this.batches.get(batch);
  }

  /** Entities of a batch of one were loaded singly. */
  size(batch: number | undefined): number {
    return this.find(batch)?.size ?? 1;
  }

  /** Equal for batches that came from one place with one statement, through the same relations. */
  origin(batch: number): string {
    let origin = this.origins.get(batch);
    if (origin === undefined) this.origins.set(batch, (origin = this.describeOrigin(batch)));
    return origin;
  }

  /** Relations between the list that was read first and this batch. */
  depth(batch: number | undefined): number {
    return this.path(batch).length;
  }

  /** Relations from the first list's entities to this batch's, outermost first: `['books', 'reviews']`. */
  path(batch: number | undefined): readonly string[] {
    return [...this.lineage(batch)].flatMap(({ from }) => from?.relation ?? []).reverse();
  }

  /** The load that read the first list. */
  rootLoad(batch: number | undefined): number | undefined {
    return this.root(batch)?.load;
  }

  /** The class of the first list's entities. */
  rootEntity(batch: number | undefined): string | undefined {
    const root = this.root(batch);
    // The list itself belongs to another unit of work; the relation that led from it says its class.
    return root?.from?.entity ?? root?.entity;
  }

  /** The batch behind an alias of an entity load: its own for the main alias, else the one made along the joins. */
  ofAlias(load: EntityLoadRecord, alias: string): number | undefined {
    const join = load.joins.find((candidate) => candidate.alias === alias);
    if (join === undefined) return load.batch;
    const parent = this.ofAlias(load, join.parentAlias);
    return parent === undefined ? undefined : this.joined.get(joinKey(load.id, parent, join.relation));
  }

  private root(batch: number | undefined): ParentBatch | undefined {
    return [...this.lineage(batch)].at(-1);
  }

  /** The batch, the one its entities were loaded from, and so on. */
  private *lineage(batch: number | undefined): Generator<ParentBatch> {
    let known = this.find(batch);
    for (let level = 0; known !== undefined && level < MAX_LEVELS; level++) {
      yield known;
      known = this.find(known.from?.batch);
    }
  }

  private describeOrigin(batch: number): string {
    const known = this.batches.get(batch);
    if (known?.from !== undefined)
      return `${this.origin(known.from.batch)} > ${known.from.entity}.${known.from.relation}`;
    const first = known?.load === undefined ? undefined : this.tree.queriesWithin(known.load)[0];
    return first === undefined ? `batch ${batch}` : queryOrigin(first);
  }
}

function joinKey(load: number, parent: number, relation: string): string {
  return `${load}|${parent}|${relation}`;
}
