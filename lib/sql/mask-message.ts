/** Words after which databases quote a name of the schema, and not a value. */
const NAMED =
  /\b(column|relation|table|constraint|index|type|function|schema|database|role|sequence|view|operator|parameter|key)\s*$/i;
/** An apostrophe inside of a word (`doesn't`) opens nothing. */
const QUOTED = /"(?:[^"]|"")*"|(?<!\w)'(?:[^']|'')*'|`[^`]*`/g;
const MAX_LENGTH = 300;

/**
 * Databases do not double the quotes inside of what they quote: these places hold whatever was sent, up to the last quote
 * that can belong to it.
 */
const SENT: readonly (readonly [RegExp, string])[] = [
  [/\bnear '[^]*(?= at line \d+$)/i, 'near ?'],
  [/\bnear '[^]*/i, 'near ?'],
  [/\bnear "[^]*"/i, 'near ?'],
  [/: "[^]*/, ': ?'],
  [/'[^]*' for (?=key|column)/i, '? for '],
];
/** The message was cut inside of a quotation. */
const UNCLOSED = /(^|[\s(=:,])["'][^]*$/;

/**
 * A driver's error message without the values that databases put into it: `invalid input syntax for type uuid: ?`. Quoted
 * names of the schema stay.
 */
export function maskMessage(message: string): string {
  let text = message.slice(0, MAX_LENGTH);
  for (const [place, masked] of SENT) text = text.replace(place, masked);
  const kept: string[] = [];
  const marked = text.replace(QUOTED, (quoted, offset: number) => {
    if (!NAMED.test(text.slice(0, offset))) return '?';
    kept.push(quoted);
    return `\u0000${String(kept.length - 1)}\u0000`;
  });
  return marked
    .replace(UNCLOSED, '$1?')
    .replace(/\u0000(\d+)\u0000/g, (_, index: string) => kept[Number(index)] ?? '?')
    .replace(/\b\d+(?:\.\d+)?\b/g, '?')
    .replace(/=\([^)]*\)/g, '=(?)');
}
