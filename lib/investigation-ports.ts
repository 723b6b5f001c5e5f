import type { Thresholds } from './analysis/thresholds.js';
import type { InvestigateOptions } from './investigate-options.js';
import type { Explainer } from './investigation/explainer.js';
import type { SchemaModel } from './record/schema-model.js';
import type { Statistics } from './statistics/statistics.js';

/** An explainer and its connection. */
export interface OpenedExplainer {
  readonly explainer: Explainer;
  close(): Promise<void>;
}

/** What investigations need of the application around them. */
export interface InvestigationPorts {
  readonly options: InvestigateOptions;
  readonly thresholds: Thresholds;
  readonly statistics: Statistics;
  readonly schemas: () => ReadonlyMap<string, SchemaModel>;
  /** Rejects with the reason where a data source cannot be asked. */
  readonly open: (dataSource: string) => Promise<OpenedExplainer>;
  readonly now: () => number;
  readonly failed: (where: string, error: unknown) => void;
}
