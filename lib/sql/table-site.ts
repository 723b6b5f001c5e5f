import { nameOf } from './name-of.js';
import type { Outline } from './outline.js';
import type { TableReference } from './statement.js';
import { isName, isSymbol, isWord, type Token } from './token.js';

/** A table's name where it stands in the text. */
export interface TableSite {
  /** Indexes of the name's first token and of the token after its last. */
  readonly first: number;
  readonly end: number;
  readonly reference: TableReference;
  /** Names a common table expression of the same statement, no table. */
  readonly isCommonTable: boolean;
}

/** Every place that names a table, in order of appearance. */
export function findTableSites(outline: Outline): readonly TableSite[] {
  const sites: TableSite[] = [];
  for (let i = 1; i < outline.tokens.length; i++) {
    if (!isTarget(outline.tokens[i]) || !opensTable(outline, i)) continue;
    const site = readSite(outline, i);
    if (site) sites.push(site);
  }
  return sites;
}

/** SQLite takes a string for a name where a table has to stand. */
function isTarget(token: Token | undefined): boolean {
  return isName(token) || token?.kind === 'string';
}

/** The token before decides: FROM, JOIN, INTO, UPDATE, a comma or a parenthesis among the tables, TABLE. */
function opensTable({ tokens, clauses }: Outline, i: number): boolean {
  const before = tokens[i - 1] as Token;
  const clause = clauses[i];
  if (clause !== 'from' && clause !== 'into' && clause !== 'update') return isTableOfSchemaChange(tokens, i);
  if (isModifier(tokens[i])) return false;
  if (before.kind === 'keyword') return STARTS.has(before.text);
  if (isSymbol(before, ',')) return clause !== 'into';
  if (isSymbol(before, '(')) return clause !== 'into' && !isSymbol(tokens[i - 2], 'WITH');
  return isModifier(before);
}

const STARTS: ReadonlySet<string> = new Set(['FROM', 'JOIN', 'INTO', 'UPDATE', 'ONLY', 'USING', 'TABLE']);
const MODIFIERS: ReadonlySet<string> = new Set([
  'LOW_PRIORITY',
  'HIGH_PRIORITY',
  'IGNORE',
  'QUICK',
  'DELAYED',
]);

/** MySQL's words between the verb and the table. */
function isModifier(token: Token | undefined): boolean {
  return token?.kind === 'word' && MODIFIERS.has(token.text.toUpperCase());
}

/** `TRUNCATE "t"`, `DROP TABLE IF EXISTS "t"`, `CREATE INDEX ... ON "t"`. */
function isTableOfSchemaChange(tokens: readonly Token[], i: number): boolean {
  const before = tokens[i - 1];
  if (isSymbol(before, 'TABLE')) return !isWord(tokens[i], 'IF');
  if (i === 1) return isWord(before, 'TRUNCATE');
  if (isSymbol(before, 'EXISTS')) return isSymbol(tokens[i - 3], 'TABLE') || isSymbol(tokens[i - 4], 'TABLE');
  return false;
}

function readSite(outline: Outline, first: number): TableSite | undefined {
  const { tokens, queries } = outline;
  let last = first;
  while (isSymbol(tokens[last + 1], '.') && isName(tokens[last + 2])) last += 2;
  const access = accessOf(outline, first);
  if (access === 'read' && isSymbol(tokens[last + 1], '(')) return undefined;
  const name = nameOf(tokens[last] as Token);
  const schema = last > first ? nameOf(tokens[last - 2] as Token) : undefined;
  const alias = aliasAfter(tokens, last);
  return {
    first,
    end: last + 1,
    reference: { schema, name, alias, access, depth: queries[first]?.depth ?? 0 },
    isCommonTable: schema === undefined && outline.cteNames.has(name),
  };
}

function accessOf({ tokens, clauses, queries }: Outline, i: number): 'read' | 'write' {
  const clause = clauses[i];
  const before = tokens[i - 1];
  if (clause === 'into') return 'write';
  if (clause === 'update') return isSymbol(before, 'JOIN') ? 'read' : 'write';
  if (clause !== 'from') return 'write';
  const isDeleteFrom =
    isSymbol(before, 'FROM') || (isSymbol(before, 'ONLY') && isSymbol(tokens[i - 2], 'FROM'));
  return isDeleteFrom && queries[i]?.verb === 'DELETE' ? 'write' : 'read';
}

function aliasAfter(tokens: readonly Token[], last: number): string | undefined {
  const at = isSymbol(tokens[last + 1], 'AS') ? last + 2 : last + 1;
  const alias = tokens[at];
  return isName(alias) && !isWord(alias, 'LOCK') ? nameOf(alias) : undefined;
}
