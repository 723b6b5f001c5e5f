import type { Token } from './token.js';

/** The name behind a word or anything in quotes: quotes gone, doubled quotes single. */
export function nameOf({ kind, text }: Token): string {
  if (kind !== 'identifier' && kind !== 'string') return text;
  const open = text.startsWith('U&') || text.startsWith('u&') ? 2 : 0;
  const close = text.charAt(open) === '[' ? ']' : text.charAt(open);
  const isClosed = text.length > open + 1 && text.endsWith(close);
  const content = text.slice(open + 1, isClosed ? -1 : undefined);
  return content.includes(close) ? content.replaceAll(close + close, close) : content;
}
