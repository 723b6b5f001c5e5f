import type { Classification } from './classify.js';
import type { Outline } from './outline.js';
import type { TableSite } from './table-site.js';
import { isName, isSymbol, type Token } from './token.js';

/** OpenTelemetry, `db.query.summary`: longer ones are cut, never inside of a token. */
const MAX_LENGTH = 255;

/**
 * OpenTelemetry's `db.query.summary`: operations and their targets in order of appearance, as written, quotes included.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/database/database-spans/#generating-a-summary-of-the-query
 */
export function summarise(
  sql: string,
  outline: Outline,
  sites: readonly TableSite[],
  { kind, operation }: Classification,
): string {
  const { tokens, verbs } = outline;
  if (verbs.length === 0 || kind === 'schema' || kind === 'other' || kind === 'transaction') {
    const words = otherWords(tokens, kind, operation).map((token) => sql.slice(token.start, token.end));
    return join([...words, ...sites.map((site) => targetOf(sql, tokens, site))]);
  }
  return join(verbsAndTargets(sql, outline, sites));
}

function verbsAndTargets(sql: string, { tokens, verbs }: Outline, sites: readonly TableSite[]): string[] {
  const parts: string[] = [];
  let next = 0;
  for (const verb of verbs) {
    for (; next < sites.length && (sites[next] as TableSite).first < verb; next++) {
      parts.push(targetOf(sql, tokens, sites[next] as TableSite));
    }
    const { start, end } = tokens[verb] as Token;
    parts.push(sql.slice(start, end));
  }
  return [...parts, ...sites.slice(next).map((site) => targetOf(sql, tokens, site))];
}

/** As written, without white space around dots. */
function targetOf(sql: string, tokens: readonly Token[], { first, end }: TableSite): string {
  let text = '';
  for (const token of tokens.slice(first, end)) text += sql.slice(token.start, token.end);
  return text;
}

const TWO_WORDS: ReadonlySet<string> = new Set([
  'START',
  'CREATE',
  'ALTER',
  'DROP',
  'TRUNCATE',
  'SET',
  'CALL',
  'EXECUTE',
  'EXEC',
]);

/** `START TRANSACTION`, `CREATE TABLE`, `call some_procedure`; one word for all others. */
function otherWords(
  tokens: readonly Token[],
  kind: Classification['kind'],
  operation: string,
): readonly Token[] {
  const at = tokens.findIndex((token) => !isSymbol(token, '('));
  const [first, second] = [tokens[at], tokens[at + 1]];
  if (first === undefined || operation === '') return [];
  const isObject = second !== undefined && (second.kind === 'keyword' || isName(second));
  const isTarget = operation === 'TRUNCATE' && !isSymbol(second, 'TABLE');
  return isObject && TWO_WORDS.has(operation) && !isTarget && kind !== 'select' ? [first, second] : [first];
}

function join(parts: readonly string[]): string {
  let summary = '';
  for (const part of parts) {
    const length = summary === '' ? part.length : summary.length + 1 + part.length;
    if (length > MAX_LENGTH) break;
    summary = summary === '' ? part : `${summary} ${part}`;
  }
  return summary;
}
