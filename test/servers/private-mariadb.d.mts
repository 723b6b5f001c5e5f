import type { PrivateServer } from './private-postgres.mjs';

export interface MariadbPrograms {
  /** `mariadbd` */
  readonly server: string;
  /** `mariadb-install-db` */
  readonly install: string;
}

export function startMariadb(programs: MariadbPrograms, options?: readonly string[]): Promise<PrivateServer>;
