import type { SchemaModel } from '../record/schema-model.js';
import type { UnitOfWork } from '../record/unit-of-work.js';
import type { BatchIndex } from './batch-index.js';
import type { DoubleLoad } from './double-load.js';
import type { Finding } from './finding.js';
import type { LoadTree } from './load-tree.js';
import type { AnalysedQuery, RelationLoad } from './relation-load.js';
import type { RepeatedLoad } from './repeated-load.js';
import type { Thresholds } from './thresholds.js';
import type { TimeLine } from './time-line.js';

/** A finished unit with everything that can be derived from it: what detectors and statistics read. */
export interface AnalysedUnit {
  readonly unit: UnitOfWork;
  /** In the order in which they started; one for each record of the unit. */
  readonly queries: readonly AnalysedQuery[];
  readonly relationLoads: readonly RelationLoad[];
  /** Relations that were loaded parent by parent. */
  readonly repeatedLoads: readonly RepeatedLoad[];
  /** Relations that came with their parents and were loaded again. */
  readonly doubleLoads: readonly DoubleLoad[];
  /** Which statement ran inside of which load. */
  readonly tree: LoadTree;
  /** When it wrote, waited or started over. */
  readonly timeLine: TimeLine;
  readonly batches: BatchIndex;
  /** By data source name. */
  readonly schemas: ReadonlyMap<string, SchemaModel>;
}

/** Reads one unit and says what is wrong with it. Pure; an empty list is the normal answer. */
export type Detector = (unit: AnalysedUnit, thresholds: Thresholds) => readonly Finding[];
