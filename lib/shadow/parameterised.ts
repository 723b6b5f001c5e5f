import { tokenize } from '../sql/tokenize.js';

/** A type in front of a literal, which may not stand in front of a placeholder: `interval '1 day'`, but `$1::interval`. */
const TYPED_LITERAL = /(?<![."\w]|::\s*)(interval|date|time|timestamp|timestamptz)\s+\?/giu;

/**
 * A statement as reports show it, with its values masked, as PostgreSQL can plan it: `?` becomes `$1`, `(...)` a list of
 * one.
 */
export function parameterised(text: string): string {
  const sql = text
    .replaceAll('(...)', '(?)')
    .replaceAll('[...]', '[?]')
    .replace(TYPED_LITERAL, (_, type: string) => `?::${type}`);
  let count = 0;
  let end = 0;
  let result = '';
  for (const token of tokenize(sql, 'standard')) {
    if (token.kind !== 'placeholder') continue;
    result += `${sql.slice(end, token.start)}$${String(++count)}`;
    end = token.end;
  }
  return result + sql.slice(end);
}
