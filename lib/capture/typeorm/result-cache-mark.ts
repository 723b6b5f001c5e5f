/** In a scope: TypeORM's result cache is at work, and the statements are its own. */
export const RESULT_CACHE: object = Object.freeze({});
