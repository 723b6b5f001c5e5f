import { parseStatement } from '../sql/parse-statement.js';
import type { SqlDialect } from '../sql/sql-dialect.js';
import type { Token } from '../sql/token.js';
import { tokenize } from '../sql/tokenize.js';
import type { ExplainableStatement } from './explainer.js';

/** The statement to explain, or why there is none. */
export type Explainable =
  | { readonly kind: 'explainable'; readonly statement: ExplainableStatement }
  | { readonly kind: 'refused'; readonly whyNot: string };

/**
 * Only a single SELECT that writes nothing is ever explained. Of an UPDATE or DELETE of one table, the search for its rows
 * is: `SELECT 1 FROM table WHERE ...`, as that is what an index can help.
 */
export function explainable(
  text: string,
  values: readonly unknown[] | undefined,
  dialect: SqlDialect,
): Explainable {
  const tokens = tokenize(text, dialect);
  const end = tokens.findIndex(({ kind, text: mark }) => kind === 'punctuation' && mark === ';');
  if (end !== -1 && end < tokens.length - 1) return refused('It is several statements in one.');
  const { kind, tables } = parseStatement(text, dialect);
  const single = end === -1 ? text : text.slice(0, tokens[end]?.start);
  if (kind === 'select') {
    const writes = tables.some(({ access }) => access === 'write') || hasInto(tokens);
    return writes ? refused('It writes.') : explain(single, values);
  }
  if (kind !== 'update' && kind !== 'delete')
    return refused('Only reads, UPDATE and DELETE have a plan worth reading.');
  return searchOf(single, tokens, tables.length, values, dialect);
}

function refused(whyNot: string): Explainable {
  return { kind: 'refused', whyNot };
}

function explain(text: string, values: readonly unknown[] | undefined): Explainable {
  return { kind: 'explainable', statement: values === undefined ? { text } : { text, values } };
}

/** SELECT ... INTO makes a table, or a file. */
function hasInto(tokens: readonly Token[]): boolean {
  return tokens.some(({ kind, text }) => kind === 'keyword' && text === 'INTO');
}

function searchOf(
  text: string,
  tokens: readonly Token[],
  tables: number,
  values: readonly unknown[] | undefined,
  dialect: SqlDialect,
): Explainable {
  const where = keyword(tokens, 'WHERE');
  const isDelete = tokens[0]?.text === 'DELETE';
  const first = isDelete ? keyword(tokens, 'FROM') + 1 : 1;
  const last = isDelete ? where : keyword(tokens, 'SET');
  if (where === -1 || last <= first || tables !== 1)
    return refused('What it changes is not found by a simple condition.');
  const returning = keyword(tokens, 'RETURNING');
  const target = text.slice(tokens[first]?.start, tokens[last]?.start).trim();
  const kept = tokens.slice(where, returning === -1 ? undefined : returning);
  const condition = renumbered(text, kept, dialect);
  const used = values === undefined ? undefined : condition.indexes.map((index) => values[index]);
  return explain(`SELECT 1 FROM ${target} ${condition.text}`, used);
}

function keyword(tokens: readonly Token[], word: string): number {
  return tokens.findIndex(({ kind, text }) => kind === 'keyword' && text === word);
}

/** Placeholders begin at 1 again; `?` needs no number. */
function renumbered(
  text: string,
  tokens: readonly Token[],
  dialect: SqlDialect,
): { readonly text: string; readonly indexes: readonly number[] } {
  const indexes: number[] = [];
  let from = tokens[0]?.start ?? 0;
  let result = '';
  for (const { kind, start, end, index } of tokens) {
    if (kind !== 'placeholder') continue;
    const written = text.slice(start, end);
    const known = dialect === 'standard' && written.startsWith('$') ? indexes.indexOf(index) : -1;
    if (known === -1) indexes.push(index);
    const number = known === -1 ? indexes.length : known + 1;
    result += text.slice(from, start) + (written.startsWith('$') ? `$${number}` : written);
    from = end;
  }
  return { text: result + text.slice(from, tokens.at(-1)?.end), indexes };
}
