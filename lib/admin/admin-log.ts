/** Where it is written who acted. The module says in which trace. */
export interface AdminLog {
  log(line: string): void;
}

/** Of a provider that is an {@link AdminLog}. */
export const ADMIN_LOG = Symbol('nestjs-query-lens admin log');
