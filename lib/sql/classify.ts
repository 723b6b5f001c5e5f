import type { Outline } from './outline.js';
import type { StatementKind, TableReference } from './statement.js';
import { isSymbol, isWord, type Token } from './token.js';

/** What the statement does, and the verb that says so. */
export interface Classification {
  readonly kind: StatementKind;
  readonly operation: string;
}

/** Parentheses in front are skipped; WITH is what its main statement is. */
export function classify(outline: Outline, tables: readonly TableReference[]): Classification {
  const { tokens, root } = outline;
  const at = tokens.findIndex((token) => !isSymbol(token, '('));
  const first = tokens[at];
  if (first === undefined || (first.kind !== 'keyword' && first.kind !== 'word'))
    return { kind: 'other', operation: '' };
  const operation = isSymbol(first, 'WITH') && root.verb !== '' ? root.verb : first.text.toUpperCase();
  const kind = KINDS.get(operation) ?? 'other';
  if (kind === 'select' && isCatalogRead(tables)) return { kind: 'schema', operation };
  if (operation === 'SET' || operation === 'PREPARE') return { kind: setKind(tokens, at + 1), operation };
  return { kind, operation };
}

const KINDS: ReadonlyMap<string, StatementKind> = new Map(
  Object.entries({
    select: 'SELECT VALUES TABLE',
    insert: 'INSERT REPLACE MERGE',
    update: 'UPDATE',
    delete: 'DELETE',
    transaction: 'BEGIN START COMMIT ROLLBACK END ABORT SAVEPOINT RELEASE SAVE',
    schema:
      'CREATE ALTER DROP TRUNCATE RENAME COMMENT PRAGMA SHOW EXPLAIN DESCRIBE DESC ANALYZE VACUUM REINDEX GRANT REVOKE REFRESH',
  }).flatMap(([kind, words]) => words.split(' ').map((word) => [word, kind as StatementKind] as const)),
);

/** SET [SESSION | GLOBAL] TRANSACTION ..., SET SESSION CHARACTERISTICS AS TRANSACTION, PREPARE TRANSACTION. */
function setKind(tokens: readonly Token[], at: number): StatementKind {
  const isTransaction = tokens.slice(at, at + 4).some((token) => isWord(token, 'TRANSACTION'));
  return isTransaction ? 'transaction' : 'other';
}

const CATALOGS: ReadonlySet<string> = new Set([
  'information_schema',
  'pg_catalog',
  'performance_schema',
  'sys',
]);

/** Every table that is read belongs to the database's own description of itself. */
function isCatalogRead(tables: readonly TableReference[]): boolean {
  return tables.length > 0 && tables.every(isCatalogTable);
}

function isCatalogTable({ schema, name }: TableReference): boolean {
  if (schema !== undefined) return CATALOGS.has(schema.toLowerCase());
  return /^(pg_|sqlite_(master|schema|sequence|temp_))/i.test(name);
}
