/** What may follow the condition of a join. */
const NEXT = 'JOIN|WHERE|GROUP BY|HAVING|ORDER BY|LIMIT|UNION';

/**
 * Whether a statement needs a joined table for more than its rows: it filters, groups or sorts by it, or an inner join
 * leaves out parents without children, or those whose children do not meet its condition. Reads normalised text, which
 * holds no values. Unsure is true.
 * `countsInnerJoin` is false for a find, which uses inner joins for keys that cannot be null: there the condition counts.
 */
export function servesStatement(text: string, alias: string, countsInnerJoin: boolean): boolean {
  const clauses = /\b(?:WHERE|GROUP BY|HAVING|ORDER BY)\b[^]*/i.exec(text)?.[0] ?? '';
  if (new RegExp(`(?<![\\w.])${quotedOrNot(alias)}\\.`).test(clauses)) return true;
  const condition = innerJoin(text, alias);
  return condition !== undefined && (countsInnerJoin || condition.includes('?'));
}

/** The condition of an inner join by its alias; undefined where it is joined otherwise. */
export function innerJoin(text: string, alias: string): string | undefined {
  const join = `INNER JOIN\\s+\\S+\\s+${quotedOrNot(alias)}(?!\\w)([^]*?)(?:\\b(?:${NEXT})\\b|$)`;
  return new RegExp(join, 'i').exec(text)?.[1];
}

function quotedOrNot(alias: string): string {
  return `["\`[]?${escaped(alias)}["\`\\]]?`;
}

function escaped(text: string): string {
  return text.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&');
}
