import { countText } from '../../statistics/count-text.js';
import { printable } from '../printable.js';
import { fold } from './fold.js';
import { type Line, type Span, span } from './span.js';

const KEYWORDS = new Set(
  `ALL AND AS ASC BETWEEN BY CASE CROSS DELETE DESC DISTINCT ELSE END EXISTS FOR FROM FULL GROUP HAVING ILIKE IN INNER
  INSERT INTO IS JOIN LATERAL LEFT LIKE LIMIT NOT NULL OFFSET ON OR ORDER OUTER OVER PARTITION RETURNING RIGHT SELECT SET
  THEN UNION UPDATE USING VALUES WHEN WHERE WITH`.split(/\s+/),
);
/** A clause begins a line. */
const CLAUSES = new Set(
  'FROM WHERE GROUP HAVING ORDER LIMIT UNION LEFT INNER RIGHT CROSS FULL RETURNING SET VALUES'.split(' '),
);
const TOKEN = /"(?:[^"]|"")*"|'(?:[^']|'')*'|`[^`]*`|[\p{L}_][\p{L}\p{N}_$]*|\s+|[^]/gu;
/** Columns of a select list that are shown; TypeORM writes one for each property. */
const MAX_COLUMNS = 3;
const MAX_LINES = 12;
/** A hanging indent below the first words of a clause. */
const HANG = '  ';

/** A statement for people: a line for each clause, folded, long select lists cut short, keywords in their style. */
export function statementLines(text: string, width: number): readonly Line[] {
  const lines = clauses(condensed(tokens(text))).flatMap((clause) =>
    fold(clause.map(styled), width, [span(HANG)]),
  );
  if (lines.length <= MAX_LINES) return lines;
  return [
    ...lines.slice(0, MAX_LINES - 1),
    [span(`… ${countText(lines.length - MAX_LINES + 1)} more lines`, 'faint')],
  ];
}

function tokens(text: string): string[] {
  return printable(text).trim().match(TOKEN) ?? [];
}

function styled(token: string): Span {
  if (token.startsWith('…')) return span(token, 'faint');
  return span(token, KEYWORDS.has(token.toUpperCase()) ? 'keyword' : undefined);
}

/** Breaks before every clause that is not inside parentheses. */
function clauses(all: readonly string[]): string[][] {
  const lines: string[][] = [[]];
  let depth = 0;
  let before = '';
  for (const token of all) {
    depth += token === '(' ? 1 : token === ')' ? -1 : 0;
    if (depth === 0 && isClause(token, before)) lines.push([]);
    lines.at(-1)?.push(token);
    if (token.trim() !== '') before = token.toUpperCase();
  }
  return lines.filter((line) => line.some((token) => token.trim() !== ''));
}

/** `IS DISTINCT FROM`, `ON DELETE SET NULL`, `DO UPDATE SET` stay in their line. */
function isClause(token: string, before: string): boolean {
  return CLAUSES.has(token.toUpperCase()) && before !== 'DISTINCT' && before !== 'DELETE';
}

/** `SELECT a, b, c, d, e FROM` becomes `SELECT a, b, c, … 2 more FROM`. */
function condensed(all: readonly string[]): readonly string[] {
  if (all[0]?.toUpperCase() !== 'SELECT') return all;
  const commas: number[] = [];
  let [depth, end] = [0, all.length];
  for (const [at, token] of all.entries()) {
    depth += token === '(' ? 1 : token === ')' ? -1 : 0;
    if (depth === 0 && token === ',') commas.push(at);
    if (depth === 0 && token.toUpperCase() === 'FROM') {
      end = at;
      break;
    }
  }
  const cut = commas[MAX_COLUMNS - 1];
  const more = commas.length + 1 - MAX_COLUMNS;
  return cut === undefined || more < 2
    ? all
    : [...all.slice(0, cut + 1), ' ', `… ${more} more`, ' ', ...all.slice(end)];
}
