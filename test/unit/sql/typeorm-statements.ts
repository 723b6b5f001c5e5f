import { readFileSync } from 'node:fs';
import { parseStatement } from '../../../lib/sql/parse-statement.js';
import { dialectOf } from '../../../lib/sql/sql-dialect.js';
import type { Statement } from '../../../lib/sql/statement.js';

/** What TypeORM sent, with the name of the load that made it send it. Recorded by `fixtures/record-typeorm-sql.mjs`. */
export interface RecordedStatement {
  readonly label: string;
  readonly query: string;
  /** How many values travelled with it. */
  readonly parameters: number;
  readonly statement: Statement;
}

export type RecordedDialect = 'postgres' | 'sqljs' | 'mysql';

/** Everything that was recorded on one database, parsed. */
export function recordedStatements(dialect: RecordedDialect): readonly RecordedStatement[] {
  const file = new URL(`fixtures/typeorm-${dialect}.json`, import.meta.url);
  const recorded = JSON.parse(readFileSync(file, 'utf8')) as Omit<RecordedStatement, 'statement'>[];
  return recorded.map((record) => ({
    ...record,
    statement: parseStatement(record.query, dialectOf(dialect)),
  }));
}
