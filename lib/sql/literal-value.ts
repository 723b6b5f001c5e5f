import type { Token } from './token.js';
import type { ValueReference } from './statement.js';

/** What a literal or placeholder token stands for. */
export function valueOf(token: Token): ValueReference {
  if (token.kind === 'placeholder') return { kind: 'parameter', index: token.index };
  return { kind: 'literal', value: literalOf(token) };
}

function literalOf({ kind, text }: Token): string | number | boolean | null {
  switch (kind) {
    case 'number':
      return numberOf(text);
    case 'boolean':
      return text === 'TRUE' || text.toUpperCase() === 'TRUE';
    case 'null':
      return null;
    default:
      return stringOf(text);
  }
}

/** Integers that a double cannot hold stay text, as drivers return them. */
function numberOf(text: string): number | string {
  const value = Number(text.replaceAll('_', ''));
  if (Number.isNaN(value)) return text;
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? text : value;
}

function stringOf(text: string): string {
  if (text.startsWith('$')) {
    const tag = text.slice(0, text.indexOf('$', 1) + 1);
    return text.slice(
      tag.length,
      text.endsWith(tag) && text.length >= 2 * tag.length ? -tag.length : undefined,
    );
  }
  const open = text.startsWith('"') ? 0 : text.indexOf("'");
  const mark = text.charAt(open);
  const content = text.slice(open + 1, text.length > open + 1 && text.endsWith(mark) ? -1 : undefined);
  return content.includes(mark) ? content.replaceAll(mark + mark, mark) : content;
}
