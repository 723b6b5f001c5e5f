import type { SqlDialect } from './sql-dialect.js';

const MAX_VALUE = 200;
/** What may begin a comment; inside of a string it does not, but then a statement goes without one of ours. */
const MAY_HOLD_COMMENT: Readonly<Record<SqlDialect, RegExp>> = { standard: /--|\/\*/, mysql: /--|\/\*|#/ };

/**
 * The statement with `tags` in a comment behind it, as sqlcommenter writes them: sorted, URL-encoded, in single quotes. In
 * front of a closing semicolon, so that no server sees a second statement. Undefined where it has a comment, or nothing.
 *
 * @see https://google.github.io/sqlcommenter/spec/
 */
export function appendComment(
  sql: string,
  tags: Readonly<Record<string, string>>,
  dialect: SqlDialect,
): string | undefined {
  if (MAY_HOLD_COMMENT[dialect].test(sql)) return undefined;
  let end = sql.length;
  while (end > 0 && /[\s;]/.test(sql.charAt(end - 1))) end--;
  const pairs = Object.keys(tags)
    .sort()
    .map((key) => `${encoded(key)}='${encoded(tags[key] ?? '')}'`);
  if (end === 0 || pairs.length === 0) return undefined;
  return `${sql.slice(0, end)} /*${pairs.join(',')}*/${sql.slice(end)}`;
}

/** Nothing is left that ends a comment or a string, or that a driver takes for a placeholder. */
function encoded(text: string): string {
  const wellFormed = text.slice(0, MAX_VALUE).replace(/\p{Surrogate}/gu, '\uFFFD');
  return encodeURIComponent(wellFormed).replace(/[!'()*]/g, (character) =>
    `%${character.charCodeAt(0).toString(16)}`.toUpperCase(),
  );
}
