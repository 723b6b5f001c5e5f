import { nameOf } from './name-of.js';
import type { Outline } from './outline.js';
import type { Statement } from './statement.js';
import { isLiteral, isName, isSymbol, type Token } from './token.js';

type SelectListFacts = Pick<Statement, 'isCount' | 'isExists' | 'isAggregate' | 'isDistinctIds'>;

const NOTHING: SelectListFacts = {
  isCount: false,
  isExists: false,
  isAggregate: false,
  isDistinctIds: false,
};

/** What the outermost select list asks for, when it is not ordinary columns. */
export function readSelectList(outline: Outline): SelectListFacts {
  const { tokens, verbs, queries, root } = outline;
  const select = verbs.find((verb) => isSymbol(tokens[verb], 'SELECT') && queries[verb] === root);
  if (select === undefined || root.verb !== 'SELECT' || root.isCombined) return NOTHING;
  const first = select + 1;
  const aggregates = countAggregates(outline, first);
  return {
    isCount: aggregates === 1 && isCall(tokens, first, COUNTS),
    isExists: asksForExistence(outline, first),
    isAggregate: aggregates > 0 || isGrouped(outline, first),
    isDistinctIds: isSymbol(tokens[first], 'DISTINCT') && isDistinctAlias(tokens[first + 1]),
  };
}

const COUNTS: ReadonlySet<string> = new Set(['COUNT', 'COUNT_BIG']);
const AGGREGATES: ReadonlySet<string> = new Set([...COUNTS, 'SUM', 'AVG', 'MIN', 'MAX', 'TOTAL']);

function isCall(tokens: readonly Token[], at: number, names: ReadonlySet<string>): boolean {
  const name = tokens[at];
  return name?.kind === 'word' && isSymbol(tokens[at + 1], '(') && names.has(name.text.toUpperCase());
}

/** The number of aggregates when the list holds nothing else; 0 otherwise. */
function countAggregates({ tokens }: Outline, first: number): number {
  let count = 0;
  for (let at = first; ; at++) {
    if (!isCall(tokens, at, AGGREGATES)) return 0;
    count++;
    at = endOfItem(tokens, closingOf(tokens, at + 1));
    if (!isSymbol(tokens[at], ',')) return isEndOfList(tokens[at]) ? count : 0;
  }
}

/** The parenthesis that closes the one at `open`, or the end of the text. */
function closingOf(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    if (isSymbol(tokens[at], '(')) depth++;
    else if (isSymbol(tokens[at], ')') && --depth === 0) return at;
  }
  return tokens.length;
}

/** Behind the closing parenthesis: a cast, an alias. */
function endOfItem(tokens: readonly Token[], closing: number): number {
  let at = closing + 1;
  if (isSymbol(tokens[at], '::')) at += 2;
  if (isSymbol(tokens[at], 'AS')) at++;
  if (isName(tokens[at]) || tokens[at]?.kind === 'string') at++;
  return at;
}

function isEndOfList(token: Token | undefined): boolean {
  return token === undefined || isSymbol(token, 'FROM') || isSymbol(token, ';') || isSymbol(token, ')');
}

function asksForExistence({ tokens }: Outline, first: number): boolean {
  const token = tokens[first];
  if (token === undefined) return false;
  if (isSymbol(token, 'EXISTS')) return isEndOfList(tokens[endOfItem(tokens, closingOf(tokens, first + 1))]);
  return isLiteral(token) && isSymbol(tokens[endOfItem(tokens, first)], 'FROM');
}

function isGrouped({ tokens, clauses, queries, root }: Outline, first: number): boolean {
  for (let at = first; at < tokens.length; at++) {
    if (clauses[at] === 'group' && queries[at] === root && isSymbol(tokens[at], 'GROUP')) return true;
  }
  return false;
}

/** The alias TypeORM gives to the whole query when it asks for the ids of one page. */
function isDistinctAlias(token: Token | undefined): boolean {
  return isName(token) && nameOf(token) === 'distinctAlias';
}
