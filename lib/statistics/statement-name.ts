/** What is read of a long statement; select lists end before. */
const MAX_READ = 8_192;
const VERB = /\b(?:SELECT|INSERT|UPDATE|DELETE|MERGE|REPLACE)\b/iu;
const TABLE =
  /\b(?:FROM|INTO|UPDATE)\s+(?:ONLY\s+)?(?!(?:SELECT|WITH|VALUES)\b)((?:(?:"[^"]+"|`[^`]+`|\[[^\]]+\]|[\p{L}\p{N}_$]+)\.?)+)/iu;

/**
 * A short name for a statement: its verb and its first table, `SELECT operations.flight`. What
 * subqueries read is left out, but for one that stands in place of the table, as in TypeORM's pages with joins.
 */
export function statementName(text: string): string {
  const outer = outermost(text.slice(0, MAX_READ));
  const verb = VERB.exec(outer)?.[0] ?? /\bSTART\s+TRANSACTION\b|\w+/iu.exec(outer)?.[0] ?? '';
  const table = TABLE.exec(outer)?.[1]?.replace(/["`[\]]/gu, '');
  return [verb.toUpperCase(), ...(table === undefined ? [] : [table])].join(' ');
}

const DERIVED = /\bFROM\s*$/iu;

/** The text without what stands in parentheses; those of a derived table are as good as none. */
function outermost(text: string): string {
  let depth = 0;
  let outer = '';
  for (const part of text.match(/[()]|[^()]+/gu) ?? []) {
    if (part === '(' && depth === 0 && DERIVED.test(outer.slice(-32))) continue;
    if (part === '(') depth++;
    else if (part === ')') depth = Math.max(0, depth - 1);
    else if (depth === 0) outer += part;
  }
  return outer;
}
