import type { DatabaseKind } from './query-plan.js';

/** A migration of indexes alone. */
export interface IndexMigration {
  /** `AddIndexFlightsOriginId`; the time comes behind it. */
  readonly name: string;
  /** Lines of code, as {@link runs} makes them. */
  readonly up: readonly string[];
  readonly down: readonly string[];
}

/** Its class, ready to paste. PostgreSQL's CONCURRENTLY cannot run in a transaction. */
export function indexMigration(
  { name, up, down }: IndexMigration,
  database: DatabaseKind,
  /** Milliseconds since the epoch: TypeORM orders migrations by it. */
  at: number,
): readonly string[] {
  const indented = (line: string): string => `    ${line}`;
  return [
    `export class ${name}${at} implements MigrationInterface {`,
    ...(database === 'postgres'
      ? ['  transaction = false as const; // run with migrationsTransactionMode: "each"', '']
      : []),
    '  async up(queryRunner: QueryRunner): Promise<void> {',
    ...up.map(indented),
    '  }',
    '',
    '  async down(queryRunner: QueryRunner): Promise<void> {',
    ...down.map(indented),
    '  }',
    '}',
  ];
}

/** `AddIndex...` for `Add` and `IDX_...`. */
export function migrationName(verb: string, index: string): string {
  const words = `_${index.replace(/\W/gu, '_')}`.replace(/_+(\w?)/gu, (_, letter: string) =>
    letter.toUpperCase(),
  );
  return `${verb}${words.replace(/^IDX/u, 'Index')}`;
}

/** The line of a migration that runs a statement. */
export function runs(sql: string): string {
  return `await queryRunner.query(${literal(sql)});`;
}

/** A text as code. */
export function literal(text: string): string {
  return text.includes('`') || text.includes('\\') || text.includes('${')
    ? `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`
    : `\`${text}\``;
}
