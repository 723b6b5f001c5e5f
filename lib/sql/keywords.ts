/**
 * Words that shape a statement. Only such as cannot be a column's or a table's name without quotes in the databases that
 * TypeORM speaks to, so that folding their case never makes two different names equal.
 */
const KEYWORDS: ReadonlyMap<string, string> = new Map(
  (
    'ALL ALTER AND ANY ARRAY AS ASC BETWEEN BY CASE COLLATE CREATE CROSS CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP ' +
    'CURRENT_USER DEFAULT DELETE DESC DISTINCT DROP ELSE END EXCEPT EXISTS FALSE FETCH FOR FROM FULL GROUP HAVING ILIKE ' +
    'IN INNER INSERT INTERSECT INTO IS JOIN LATERAL LEFT LIKE LIMIT NATURAL NOT NULL OFFSET ON ONLY OR ORDER OUTER ' +
    'REPLACE RETURNING RIGHT SELECT SET SOME TABLE THEN TRUE UNION UPDATE USING VALUES WHEN WHERE WINDOW WITH XOR'
  )
    .split(' ')
    .map((word) => [word, word]),
);
const LONGEST = 17;

/** The keyword in upper case, or undefined for any other word. */
export function keywordOf(word: string): string | undefined {
  return word.length > LONGEST ? undefined : (KEYWORDS.get(word) ?? KEYWORDS.get(word.toUpperCase()));
}

const OPERANDS: ReadonlySet<string> = new Set([
  'CURRENT_DATE',
  'CURRENT_TIME',
  'CURRENT_TIMESTAMP',
  'CURRENT_USER',
  'DEFAULT',
  'END',
  'NULL',
  'TRUE',
  'FALSE',
]);

/** A keyword that stands for a value: what follows it is an operator, not another operand. */
export function isOperandKeyword(keyword: string): boolean {
  return OPERANDS.has(keyword);
}

const CALLABLE: ReadonlySet<string> = new Set([
  'LEFT',
  'RIGHT',
  'REPLACE',
  'INSERT',
  'CURRENT_TIMESTAMP',
  'CURRENT_TIME',
]);

/** A keyword that is a function when a parenthesis follows. */
export function isCallableKeyword(keyword: string): boolean {
  return CALLABLE.has(keyword);
}
