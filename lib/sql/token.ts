export type TokenKind =
  /** A word of the grammar, see `keywords.ts`. */
  | 'keyword'
  /** Any other word without quotes: a name, a function, a type. */
  | 'word'
  /** A name in quotes, backticks or brackets. */
  | 'identifier'
  | 'string'
  | 'number'
  | 'boolean'
  | 'null'
  | 'placeholder'
  | 'operator'
  /** One of `( ) [ ] , . ;` */
  | 'punctuation';

/** One piece of a statement. White space and comments are not tokens. */
export interface Token {
  readonly kind: TokenKind;
  /** Offsets into the text, end exclusive. */
  readonly start: number;
  readonly end: number;
  /** As written; for keywords in upper case, so that they can be compared. */
  readonly text: string;
  /** Placeholders: zero-based index into the bound parameters. -1 for everything else. */
  readonly index: number;
}

interface NameToken extends Token {
  readonly kind: 'word' | 'identifier';
}

/** A literal or a placeholder. */
export function isValue(token: Token | undefined): boolean {
  return token !== undefined && (token.kind === 'placeholder' || isLiteral(token));
}

/** A value that stands in the text itself. */
export function isLiteral({ kind }: Token): boolean {
  return kind === 'string' || kind === 'number' || kind === 'boolean' || kind === 'null';
}

/** A word or a quoted identifier: what a table, a column or an alias may be. */
export function isName(token: Token | undefined): token is NameToken {
  return token !== undefined && (token.kind === 'word' || token.kind === 'identifier');
}

/** Compares a keyword, operator or punctuation mark; `text` in upper case. */
export function isSymbol(token: Token | undefined, text: string): boolean {
  // The kind first: comparing texts is dear when one of them has just been cut out of the statement.
  if (token?.kind !== 'keyword' && token?.kind !== 'punctuation' && token?.kind !== 'operator') return false;
  return token.text === text;
}

/** Compares a word that is no keyword in general, but has a meaning where it stands; `text` in upper case. */
export function isWord(token: Token | undefined, text: string): boolean {
  return token?.kind === 'word' && token.text.length === text.length && token.text.toUpperCase() === text;
}
