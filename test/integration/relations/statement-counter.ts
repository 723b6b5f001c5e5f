import type { Logger } from 'typeorm';

/** TypeORM's own word for how many statements there were. */
export class StatementCounter implements Logger {
  statements = 0;

  logQuery(): void {
    this.statements++;
  }
  logQueryError(): void {}
  logQuerySlow(): void {}
  logSchemaBuild(): void {}
  logMigration(): void {}
  log(): void {}
}
