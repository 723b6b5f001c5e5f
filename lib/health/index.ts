export { QueryLensHealthIndicator } from './query-lens.health.js';
