import type { SchemaModel } from '../record/schema-model.js';
import type { DatabaseKind } from './query-plan.js';

/** What advice on an index needs besides the index. */
export interface AdviceContext {
  readonly database: DatabaseKind;
  readonly schema?: SchemaModel;
  /** Milliseconds since the epoch: TypeORM orders migrations by it. */
  readonly at: number;
}
