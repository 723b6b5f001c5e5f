import {
  instrumentDataSource as instrument,
  type InstrumentOptions,
} from './capture/typeorm/instrument-data-source.js';
import { registry } from './context/registry.js';

/**
 * The manual door, for a data source that QueryLens cannot find by itself: of another copy of TypeORM, and not known to
 * Nest. Call it once the application has been created. With several applications in the process, each statement goes to
 * the one that runs it.
 *
 * @returns what takes it back
 */
export function instrumentDataSource(dataSource: object, options?: InstrumentOptions): () => void {
  const undo = [...registry().contexts].map((context) => {
    context.opened?.(dataSource, options?.name);
    return instrument(dataSource, context, options);
  });
  return () => {
    for (const one of undo) one();
  };
}
