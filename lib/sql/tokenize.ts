import { Code } from './character-code.js';
import { Character, characterClass, isDigit, isWordPart } from './character.js';
import { endOfComment, endOfDollarQuoted, endOfLine, endOfQuoted } from './delimited.js';
import { isOperandKeyword, keywordOf } from './keywords.js';
import { endOfNumber } from './number.js';
import { endOfOperator } from './operator.js';
import type { SqlDialect } from './sql-dialect.js';
import type { Token, TokenKind } from './token.js';

const ENDS_OPERAND: ReadonlySet<string> = new Set([')', ']']);

/**
 * Cuts a statement into tokens, in one pass over its characters. Never throws: what is no SQL becomes operators, what is
 * not closed reaches to the end of the text.
 */
export function tokenize(sql: string, dialect: SqlDialect): readonly Token[] {
  return new Tokenizer(sql, dialect === 'mysql').run();
}

class Tokenizer {
  private readonly tokens: Token[] = [];
  private at = 0;
  /** An operand may stand here: tells a placeholder from the operator `?`, a sign from a minus. */
  private expectsOperand = true;
  /** Open `[` of array literals and subscripts; inside of them a `[` quotes no identifier. */
  private arrayDepth = 0;
  private questionMarks = 0;
  private readonly namedPlaceholders = new Map<string, number>();

  constructor(
    private readonly sql: string,
    private readonly isMysql: boolean,
  ) {}

  run(): readonly Token[] {
    const { length } = this.sql;
    while (this.at < length) this.step(this.sql.charCodeAt(this.at));
    return this.tokens;
  }

  private step(code: number): void {
    switch (characterClass(code)) {
      case Character.Letter:
        this.word();
        break;
      case Character.Digit:
        this.add('number', endOfNumber(this.sql, this.at));
        break;
      case Character.Quote:
        this.quoted();
        break;
      case Character.Punctuation:
        this.punctuation(code);
        break;
      case Character.Operator:
        this.operator(code);
        break;
      case Character.Space:
        this.at++;
        break;
      default:
        this.push('operator', this.at + 1, this.sql.charAt(this.at), -1, true);
    }
  }

  private word(): void {
    const { sql, at } = this;
    let end = at + 1;
    while (isWordPart(sql.charCodeAt(end))) end++;
    if (sql.charCodeAt(end) === Code.Apostrophe && end === at + 1 && this.prefixedString(end)) return;
    if (sql.charCodeAt(end) === Code.Ampersand && end === at + 1 && this.unicodeQuoted(end)) return;
    const text = sql.slice(at, end);
    const keyword = this.isAfter('.') ? undefined : keywordOf(text);
    if (keyword === undefined) this.push('word', end, text, -1, false);
    else this.keyword(keyword, end);
  }

  /** `E'...'`, `N'...'`, `B'...'`, `X'...'` */
  private prefixedString(quote: number): boolean {
    const prefix = this.sql.charCodeAt(this.at) | 32;
    const isEscaped = prefix === Code.LowerE;
    if (!isEscaped && prefix !== Code.LowerN && prefix !== Code.LowerB && prefix !== Code.LowerX)
      return false;
    this.add('string', endOfQuoted(this.sql, quote, "'", isEscaped || this.isMysql));
    return true;
  }

  /** `U&'...'` and `U&"..."` */
  private unicodeQuoted(ampersand: number): boolean {
    const mark = this.sql.charAt(ampersand + 1);
    if ((this.sql.charCodeAt(this.at) | 32) !== Code.LowerU || (mark !== "'" && mark !== '"')) return false;
    this.add(mark === "'" ? 'string' : 'identifier', endOfQuoted(this.sql, ampersand + 1, mark, false));
    return true;
  }

  private keyword(keyword: string, end: number): void {
    const before = this.keywordBefore(1);
    if (keyword === 'NULL' && before !== 'IS' && before !== 'NOT' && before !== 'SET') this.add('null', end);
    else if ((keyword === 'TRUE' || keyword === 'FALSE') && !this.isTruthTest(before))
      this.add('boolean', end);
    else this.push('keyword', end, keyword, -1, !isOperandKeyword(keyword));
  }

  /** `x IS TRUE`, `x IS NOT TRUE`: part of the operator, no value. */
  private isTruthTest(before: string): boolean {
    return before === 'IS' || (before === 'NOT' && this.keywordBefore(2) === 'IS');
  }

  private quoted(): void {
    const mark = this.sql.charAt(this.at);
    const isString = mark === "'" || (mark === '"' && this.isMysql);
    this.add(
      isString ? 'string' : 'identifier',
      endOfQuoted(this.sql, this.at, mark, isString && this.isMysql),
    );
  }

  private punctuation(code: number): void {
    if (code === Code.Dot && this.expectsOperand && isDigit(this.sql.charCodeAt(this.at + 1))) {
      this.add('number', endOfNumber(this.sql, this.at));
      return;
    }
    if (code === Code.OpenBracket) {
      if (this.opensBracketedName()) {
        this.add('identifier', endOfQuoted(this.sql, this.at, ']', false));
        return;
      }
      this.arrayDepth++;
    } else if (code === Code.CloseBracket && this.arrayDepth > 0) this.arrayDepth--;
    const text = this.sql.charAt(this.at);
    this.push('punctuation', this.at + 1, text, -1, !ENDS_OPERAND.has(text));
  }

  /** SQL Server's `[name]`, as opposed to `ARRAY[1]`, `tags[1]` and `$1[1]`. */
  private opensBracketedName(): boolean {
    const last = this.tokens[this.tokens.length - 1];
    if (this.isMysql || this.arrayDepth > 0) return false;
    if (last === undefined) return true;
    if (last.kind === 'keyword') return last.text !== 'ARRAY';
    if (last.kind === 'punctuation') return last.text !== ')' && last.text !== ']';
    // After a mark: whether it is a placeholder or an operator must not matter, so that redacting twice is redacting once.
    return last.kind === 'operator' && last.text !== '?';
  }

  private operator(code: number): void {
    const { sql, at } = this;
    const next = sql.charCodeAt(at + 1);
    if (code === Code.Minus && next === Code.Minus && this.startsLineComment()) this.at = endOfLine(sql, at);
    else if (code === Code.Slash && next === Code.Asterisk) this.at = endOfComment(sql, at, !this.isMysql);
    else if (code === Code.Hash && this.isMysql) this.at = endOfLine(sql, at);
    else if ((code === Code.Minus || code === Code.Plus) && this.expectsOperand && isDigit(next)) {
      this.add('number', endOfNumber(sql, at + 1));
    } else if (!this.placeholder(code, next)) {
      const end =
        code === Code.Question && next !== Code.Pipe && next !== Code.Ampersand
          ? at + 1
          : endOfOperator(sql, at);
      this.push('operator', end, sql.slice(at, end), -1, true);
    }
  }

  /** MySQL reads `5--3` as a minus and a sign; its comments need white space. */
  private startsLineComment(): boolean {
    const code = this.sql.charCodeAt(this.at + 2);
    return !this.isMysql || Number.isNaN(code) || characterClass(code) === Character.Space || code < 32;
  }

  /** `?`, `?1`, `$1`, `:name`, `:1`, `@p1`, and in passing `$tag$...$tag$`, which begins like one. */
  private placeholder(code: number, next: number): boolean {
    const { sql, at } = this;
    if (code === Code.Question) {
      if (!this.expectsOperand) return false;
      if (isDigit(next)) this.numbered(endOfDigits(sql, at + 1), 1);
      else this.push('placeholder', at + 1, '?', this.questionMarks++, false);
      return true;
    }
    if (code === Code.Dollar && isDigit(next)) {
      this.numbered(endOfDigits(sql, at + 1), 1);
      return true;
    }
    if (code === Code.Dollar) {
      const end = endOfDollarQuoted(sql, at);
      if (end !== undefined) {
        this.add('string', end);
        return true;
      }
    }
    if (code !== Code.Dollar && code !== Code.Colon && (code !== Code.At || this.isMysql)) return false;
    return this.expectsOperand && isWordPart(next) && this.named(code);
  }

  private named(code: number): boolean {
    let end = this.at + 1;
    while (isWordPart(this.sql.charCodeAt(end))) end++;
    if (endOfDigits(this.sql, this.at + 1) === end) {
      // SQL Server counts from @0, Oracle from :1.
      this.numbered(end, code === Code.At ? 0 : 1);
      return true;
    }
    const text = this.sql.slice(this.at, end);
    const index = this.namedPlaceholders.get(text) ?? this.namedPlaceholders.size;
    this.namedPlaceholders.set(text, index);
    this.push('placeholder', end, text, index, false);
    return true;
  }

  private numbered(end: number, first: number): void {
    const text = this.sql.slice(this.at, end);
    this.push('placeholder', end, text, Math.max(0, Number(text.slice(1)) - first), false);
  }

  private isAfter(text: string): boolean {
    const last = this.tokens[this.tokens.length - 1];
    return last?.kind === 'punctuation' && last.text === text;
  }

  private keywordBefore(distance: number): string {
    const token = this.tokens[this.tokens.length - distance];
    return token?.kind === 'keyword' ? token.text : '';
  }

  /** A token that is an operand and keeps its text. */
  private add(kind: TokenKind, end: number): void {
    this.push(kind, end, this.sql.slice(this.at, end), -1, false);
  }

  private push(kind: TokenKind, end: number, text: string, index: number, expectsOperand: boolean): void {
    this.tokens.push({ kind, start: this.at, end, text, index });
    this.at = end;
    this.expectsOperand = expectsOperand;
  }
}

function endOfDigits(sql: string, at: number): number {
  let end = at;
  while (isDigit(sql.charCodeAt(end))) end++;
  return end;
}
