import { cutText } from '../record/cut-text.js';
import { digestOf } from './digest.js';

/** A cache key as it may be shown, and a digest that tells it from others of its pattern. */
export interface FoldedKey {
  readonly pattern: string;
  readonly digest: number;
  /** Its place among the keys of a call: the first, where it comes alone. */
  readonly indexes: readonly number[];
}

const ALONE: readonly number[] = [0];

/** Keys whose pattern is remembered. */
const MAX_REMEMBERED = 1_000;
/** Different words at one place of a key: at its beginning and in a path, and further on. What comes then is a value. */
const MAX_WORDS = 50;
const MAX_LATER_WORDS = 10;
/** Places of keys at which words are told apart. */
const MAX_PLACES = 500;
/** Longer keys are shown by their beginning and told apart by their digest. */
const MAX_KEY_LENGTH = 200;
const SHOWN_OF_LONG = 40;
/** Longer words are no names. */
const MAX_WORD_LENGTH = 40;

const SEPARATORS = /([:/?&=|,;#\s]+)/;
/** UUIDs, long hexadecimal numbers, what is encoded or quoted, addresses, and whatever is not ASCII. */
const VALUE = /^[0-9a-f]{8}-[0-9a-f-]{27}$|^[0-9a-f]{12,}$|[@%{}[\]"'<>$~]|[^\x20-\x7e]/i;
const VERSION = /^v\d{1,2}$/i;

/**
 * Folds the keys of one cache: what tells one entry from another becomes `*`, so that `author:12` and `author:13` are
 * both `author:*`. Numbers, UUIDs, long hexadecimal numbers, values in a query string and addresses are known by their
 * form; slugs and names by being many.
 */
export class KeyPatterns {
  private readonly known = new Map<string, FoldedKey>();
  private readonly places = new Map<string, Set<string>>();

  fold(key: unknown): FoldedKey {
    const text = typeof key === 'string' ? key : String(key);
    return this.known.get(text) ?? this.remember(text);
  }

  private remember(text: string): FoldedKey {
    const folded = { pattern: this.patternOf(text), digest: digestOf(text), indexes: ALONE };
    if (this.known.size >= MAX_REMEMBERED) this.known.clear();
    if (text.length <= MAX_KEY_LENGTH) this.known.set(text, folded);
    return folded;
  }

  private patternOf(text: string): string {
    if (text.length <= MAX_KEY_LENGTH) return this.foldParts(text);
    return `${this.foldParts(cutText(text, SHOWN_OF_LONG).replace(/[^:/?&=|,;#\s]*$/, ''))}…`;
  }

  private foldParts(text: string): string {
    let pattern = '';
    let before = '';
    for (const [index, part] of text.split(SEPARATORS).entries()) {
      const isSeparator = index % 2 === 1;
      if (part !== '') pattern += isSeparator ? part : this.foldPart(part, before, pattern);
      before = part;
    }
    return pattern;
  }

  private foldPart(part: string, before: string, place: string): string {
    if (before.endsWith('=') || part.length > MAX_WORD_LENGTH || VALUE.test(part)) return '*';
    if (VERSION.test(part)) return part;
    const word = part.replace(/\d+(?:[-._T]*\d+)*/g, '*');
    return word === '*' || this.isWord(word, place) ? word : '*';
  }

  /** Whether it is one of the few words at this place. */
  private isWord(word: string, place: string): boolean {
    const words = this.places.get(place);
    if (words === undefined) {
      if (this.places.size >= MAX_PLACES) return false;
      this.places.set(place, new Set([word]));
      return true;
    }
    if (words.has(word)) return true;
    const isLater = place !== '' && !place.startsWith('/');
    if (words.size >= (isLater ? MAX_LATER_WORDS : MAX_WORDS)) return false;
    words.add(word);
    return true;
  }
}
