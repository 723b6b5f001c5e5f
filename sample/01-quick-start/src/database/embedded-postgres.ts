import { createPgConfig } from '@electric-sql/pglite/node-postgres';
import type { TypeOrmModuleOptions } from '@nestjs/typeorm';

/** A PostgreSQL that runs inside this process and forgets everything when it ends. TypeORM talks to it through `pg`. */
export function embeddedPostgres(): TypeOrmModuleOptions {
  return {
    type: 'postgres',
    extra: createPgConfig(),
    autoLoadEntities: true,
    synchronize: true,
  };
}
