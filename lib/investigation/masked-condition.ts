import { redact } from '../sql/redact.js';
import type { SqlDialect } from '../sql/sql-dialect.js';

/** The condition of a plan as it may be shown: literals as `?`, the parentheses around the whole gone. */
export function maskedCondition(condition: string, dialect: SqlDialect = 'standard'): string {
  const masked = redact(condition, dialect);
  return isWrapped(masked) ? masked.slice(1, -1) : masked;
}

/** `(a = 1)` is, `(a = 1) AND (b = 2)` is not. */
function isWrapped(text: string): boolean {
  if (!text.startsWith('(') || !text.endsWith(')')) return false;
  let depth = 0;
  for (let at = 0; at < text.length - 1; at++) {
    depth += text[at] === '(' ? 1 : text[at] === ')' ? -1 : 0;
    if (depth === 0) return false;
  }
  return true;
}
