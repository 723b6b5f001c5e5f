import type { TrackReads } from '../../../record/entity-reads.js';
import type { EntityMetadataShape, JoinAttributeShape } from '../typeorm-shapes.js';

/** Loads of one kind that are watched before sampling begins. */
const EAGER_LOADS = 50;
/** From then on, one load out of so many. */
const SAMPLE_EVERY = 20;
/** Kinds of loads that are told apart for one class. */
const MAX_KINDS = 200;

/** Decides which loads are watched: by class and joined relations, because call sites are only captured for those. */
export class ReadSampling {
  private readonly seen = new WeakMap<EntityMetadataShape, Map<string, number>>();

  /** Chance and no counter, so that two places that take turns are both seen. */
  constructor(private readonly random: () => number = Math.random) {}

  isWanted(mode: TrackReads, metadata: EntityMetadataShape, joins: readonly JoinAttributeShape[]): boolean {
    if (mode !== 'sampled') return mode === 'all';
    let loads = this.seen.get(metadata);
    if (loads === undefined) this.seen.set(metadata, (loads = new Map<string, number>()));
    const key = joins.length === 0 ? '' : joins.map(({ alias }) => alias.name).join();
    const before = loads.get(key) ?? (loads.size < MAX_KINDS ? 0 : EAGER_LOADS);
    if (before >= EAGER_LOADS) return this.random() * SAMPLE_EVERY < 1;
    loads.set(key, before + 1);
    return true;
  }
}
