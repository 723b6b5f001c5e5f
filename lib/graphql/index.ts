export { createRelationLoader } from './create-relation-loader.js';
export type { RelationLoader, RelationValue } from './create-relation-loader.js';
