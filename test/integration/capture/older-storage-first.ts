import { getMetadataArgsStorage } from 'typeorm-0.3';

/** All copies of TypeORM in a process share the decorators' storage of the first one; only that of 0.3 serves both. */
getMetadataArgsStorage();
