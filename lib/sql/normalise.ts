import { isCallableKeyword } from './keywords.js';
import { isSavepointName } from './is-savepoint-name.js';
import { isName, isSymbol, isValue, type Token } from './token.js';

/**
 * The text that statements of one shape share: values as `?`, value lists as `(...)`, one of several equal VALUES rows or
 * groups joined by OR, one space where white space or a comment may stand, keywords in upper case, names as written.
 */
export function normalise(tokens: readonly Token[]): string {
  return new Normaliser(tokens).run();
}

/** An open parenthesis or bracket. Positions are indexes into the pieces. */
interface Level {
  readonly open: number;
  /** Holds the values of an IN list or a row, so it becomes `(...)` when it holds nothing else. */
  readonly isList: boolean;
  isPlain: boolean;
  /** Between VALUES and the end of its last row. */
  hasRows: boolean;
  /** The last group that was closed in this level, both ends inclusive. */
  lastOpen: number;
  lastClose: number;
}

class Normaliser {
  private readonly pieces: string[] = [];
  private readonly outer: Level[] = [];
  private level = levelOf(-1, false);

  constructor(private readonly tokens: readonly Token[]) {}

  run(): string {
    const { tokens } = this;
    let { length } = tokens;
    while (length > 0 && isSymbol(tokens[length - 1], ';')) length--;
    for (let i = 0; i < length; i++) this.step(i, tokens[i] as Token);
    this.endCutList();
    return this.pieces.join('');
  }

  /** Long statements are cut before they are kept. One that ends inside a list of values is as good as a whole one. */
  private endCutList(): void {
    const { pieces } = this;
    while (this.level.isList && this.level.isPlain) {
      const { open } = this.level;
      this.level = this.outer.pop() ?? levelOf(-1, false);
      if (pieces[open - 1] === ',') pieces.length = open - 1;
      else pieces.splice(open + 1, pieces.length, '...', pieces[open]?.endsWith('[') ? ']' : ')');
    }
    if (this.level.hasRows && pieces.at(-1) === ',') pieces.pop();
  }

  private step(i: number, token: Token): void {
    if (isValue(token)) this.write(i, '?');
    else if (token.kind === 'punctuation') this.punctuation(i, token.text);
    else {
      if (token.kind === 'keyword') this.level.hasRows = token.text === 'VALUES';
      if (this.level.isList) this.level.isPlain &&= isPlain(this.tokens, i);
      this.write(i, isSavepointName(this.tokens, i) ? '?' : token.text);
    }
  }

  private punctuation(i: number, text: string): void {
    if (text === '(' || text === '[') this.open(i, text);
    else if (text === ')' || text === ']') this.close(i, text);
    else this.write(i, text);
  }

  private open(i: number, text: string): void {
    const isList = this.opensList(this.tokens[i - 1]);
    this.level.isPlain &&= isList;
    this.write(i, text);
    this.outer.push(this.level);
    this.level = levelOf(this.pieces.length - 1, isList);
  }

  private opensList(before: Token | undefined): boolean {
    if (before === undefined || this.level.isList) return this.level.isList;
    if (before.kind === 'keyword')
      return before.text === 'IN' || before.text === 'VALUES' || before.text === 'ARRAY';
    return this.level.hasRows && isSymbol(before, ',');
  }

  private close(i: number, text: string): void {
    const inner = this.level;
    const outer = this.outer.pop();
    if (outer === undefined) {
      this.write(i, text);
      return;
    }
    this.level = outer;
    if (inner.isList && inner.isPlain) {
      this.pieces.length = inner.open + 1;
      this.pieces.push('...');
    } else outer.isPlain = false;
    this.pieces.push(text);
    this.fold(inner.open, this.pieces.length - 1);
  }

  /** Drops the group that was just written when it repeats its neighbour: `(?, now()), (?, now())`, `(a = ?) OR (a = ?)`. */
  private fold(open: number, close: number): void {
    const { pieces, level } = this;
    const separator = pieces[open - 1];
    const isRepeated =
      (separator === ' OR' || separator === ',') &&
      level.lastClose === open - 2 &&
      (separator === ' OR' || level.hasRows || level.isList) &&
      this.isSameGroup(level.lastOpen, open, close);
    if (isRepeated) pieces.length = open - 1;
    else {
      level.lastOpen = open;
      level.lastClose = close;
    }
  }

  private isSameGroup(earlier: number, open: number, close: number): boolean {
    const { pieces } = this;
    if (open - 2 - earlier !== close - open) return false;
    for (let n = 1; n < close - open; n++) if (pieces[earlier + n] !== pieces[open + n]) return false;
    return true;
  }

  private write(i: number, text: string): void {
    const spaced = i > 0 && isSpaced(this.tokens[i - 1] as Token, this.tokens[i] as Token);
    this.pieces.push(spaced ? ` ${text}` : text);
  }
}

function levelOf(open: number, isList: boolean): Level {
  return { open, isList, isPlain: true, hasRows: false, lastOpen: -1, lastClose: -1 };
}

/** DEFAULT, a sign or a cast: does not make a list of values anything else. */
function isPlain(tokens: readonly Token[], i: number): boolean {
  const token = tokens[i];
  return isSymbol(token, 'DEFAULT') || isSymbol(token, '::') || isSymbol(tokens[i - 1], '::');
}

/** Where the normalised text has a space. Depends on the tokens only, never on the white space of the original. */
function isSpaced(before: Token, token: Token): boolean {
  if (isSymbol(token, '::') || isSymbol(before, '::')) return token.kind === 'string';
  if (before.kind === 'punctuation' && UNSPACED_AFTER.has(before.text)) return false;
  if (token.kind !== 'punctuation') return true;
  if (token.text !== '(') return false;
  return !isName(before) && !(before.kind === 'keyword' && isCallableKeyword(before.text));
}

const UNSPACED_AFTER: ReadonlySet<string> = new Set(['(', '[', '.']);
