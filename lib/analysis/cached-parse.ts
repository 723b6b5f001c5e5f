import { inlinedIntegers } from '../sql/inlined-integers.js';
import { parseStatement } from '../sql/parse-statement.js';
import type { SqlDialect } from '../sql/sql-dialect.js';
import { statementTemplate, type StatementTemplate } from '../sql/statement-template.js';
import { keptStatement, type KeptStatement } from './kept-statement.js';

/** Reads one statement. */
export type Parse = (sql: string, dialect: SqlDialect) => KeptStatement;

/** Characters of remembered texts, all together; what is parsed takes some times as much. */
const MAX_CHARACTERS = 500_000;

interface Known {
  readonly texts: Map<string, KeptStatement>;
  /** By the texts that are left of statements without their integers. */
  readonly shapes: Map<string, StatementTemplate>;
}

/**
 * Parses each text once while it stays in use, and texts that differ in nothing but integers once for all of them. Texts
 * with other literals do not come again, so the cache is dropped as a whole when it is full.
 *
 * @param maxStatements - texts to remember
 */
export function cachedParse(maxStatements = 1_000): Parse {
  const known: Readonly<Record<SqlDialect, Known>> = {
    standard: { texts: new Map(), shapes: new Map() },
    mysql: { texts: new Map(), shapes: new Map() },
  };
  let characters = 0;
  const remember = <T>(kept: Map<string, T>, text: string, value: T): T => {
    characters += text.length;
    if (kept.size >= maxStatements || characters > MAX_CHARACTERS) {
      for (const { texts, shapes } of Object.values(known)) {
        texts.clear();
        shapes.clear();
      }
      characters = text.length;
    }
    kept.set(text, value);
    return value;
  };
  return (sql, dialect) => {
    const { texts, shapes } = known[dialect];
    const found = texts.get(sql);
    if (found !== undefined) return found;
    const inlined = inlinedIntegers(sql);
    if (inlined === undefined) return remember(texts, sql, keptStatement(parseStatement(sql, dialect)));
    const { shape, integers } = inlined;
    const template = shapes.get(shape) ?? remember(shapes, shape, statementTemplate(inlined, dialect));
    return keptStatement(template(integers));
  };
}
