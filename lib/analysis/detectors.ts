import type { Detector } from './detector.js';
import { detectCacheFailure } from './detectors/cache-failure.js';
import { detectCacheIdCollision } from './detectors/cache-id-collision.js';
import { detectCartesianProduct } from './detectors/cartesian-product.js';
import { detectCountPerRow } from './detectors/count-per-row.js';
import { detectDoubleLoad } from './detectors/double-load.js';
import { detectDuplicateQuery } from './detectors/duplicate-query.js';
import { detectFailingQuery } from './detectors/failing-query.js';
import { detectIdleInTransaction } from './detectors/idle-in-transaction.js';
import { detectLongTransaction } from './detectors/long-transaction.js';
import { detectNPlusOne } from './detectors/n-plus-one.js';
import { detectPoolWait } from './detectors/pool-wait.js';
import { detectSaveInLoop } from './detectors/save-in-loop.js';
import { detectSequentialQueries } from './detectors/sequential-queries.js';
import { detectTruncatedRelation } from './detectors/truncated-relation.js';
import { detectUnboundedResult } from './detectors/unbounded-result.js';
import { detectWrongRelation } from './detectors/wrong-relation.js';

/** Detectors that judge one unit of work, by the kind of finding they make. */
export const detectors = {
  'truncated-relation': detectTruncatedRelation,
  'wrong-relation': detectWrongRelation,
  'failing-query': detectFailingQuery,
  'n-plus-one': detectNPlusOne,
  'count-per-row': detectCountPerRow,
  'double-load': detectDoubleLoad,
  'duplicate-query': detectDuplicateQuery,
  'save-in-loop': detectSaveInLoop,
  'sequential-queries': detectSequentialQueries,
  'cartesian-product': detectCartesianProduct,
  'unbounded-result': detectUnboundedResult,
  'pool-wait': detectPoolWait,
  'cache-id-collision': detectCacheIdCollision,
  'cache-failure': detectCacheFailure,
  'idle-in-transaction': detectIdleInTransaction,
  'long-transaction': detectLongTransaction,
} as const satisfies Record<string, Detector>;
