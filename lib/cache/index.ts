export { instrumentCache } from './instrument-cache.js';
export { QueryLensCacheInterceptor } from './query-lens-cache.interceptor.js';
export { queryLensResultCache } from './query-lens-result-cache.js';
export type { ResultCacheOptions } from './query-lens-result-cache.js';
