import type { DatabaseTarget } from '../record/live-tracer.js';
import { systemName } from './semconv.js';

/**
 * `db.namespace`: `database|schema` on PostgreSQL and SQL Server, the database elsewhere. As it was when the data source
 * connected; a schema that a statement names, or that `SET search_path` chose later, does not change it.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/database/postgresql/
 */
export function namespaceOf({ driver, database, schema }: DatabaseTarget): string | undefined {
  const system = systemName(driver);
  // A path, whose directories say more of a machine than of a database.
  if (system === 'sqlite') return database?.replace(/^.*[\\/]/, '');
  const hasSchemas = system === 'postgresql' || system === 'microsoft.sql_server' || system === 'cockroachdb';
  const parts = hasSchemas ? [database, schema] : [database];
  return parts.filter((part) => part !== undefined).join('|') || undefined;
}
