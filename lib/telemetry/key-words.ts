import type { AnalysedUnit } from '../analysis/detector.js';
import type { Finding } from '../analysis/finding.js';
import type { SchemaModel } from '../record/schema-model.js';
import { COMMON_WORDS } from './common-words.js';

/** Words that are known, units whose names have been read, and patterns whose shown form is remembered. */
const MAX_WORDS = 5_000;
const MAX_UNITS = 1_000;
const MAX_PATTERNS = 1_000;

/** Text between separators of keys; what folding left as `*` is a separator, too. */
const WORD = /[^\s:/?&=|,;#*._…-]+/g;
/** `user-*`, where the user was a word. */
const MANY_VALUES = /\*(?:[\s._-]+\*)+|\*{2,}/g;
const HUMPS = /(?<=[\p{Ll}\d])(?=\p{Lu})/u;
const VERSION = /^v\d{1,2}$/i;

/**
 * Which words of cache keys may leave the process: those that the application's code has. A pattern folds what looks like a
 * value; a word in it may still be the name of somebody. It is none where an entity, a table, a column, a route or a
 * handler is called so, where it is common in keys (`session`, `list`), or where the application says so.
 */
export class KeyWords {
  private readonly known = new Set(COMMON_WORDS.map(stem));
  private readonly schemas = new WeakSet<SchemaModel>();
  private readonly unitNames = new Set<string>();
  private shown = new Map<string, string>();

  /** Further words, given by the application. */
  constructor(given: readonly string[]) {
    for (const text of given) this.learnText(text);
  }

  /** Takes the words of a unit's name, and of the entities that its application has. */
  readonly learn = ({ unit, schemas }: AnalysedUnit): void => {
    if (unit.caches.length === 0) return;
    for (const schema of schemas.values()) if (!this.schemas.has(schema)) this.learnSchema(schema);
    if (this.unitNames.has(unit.name) || this.unitNames.size >= MAX_UNITS) return;
    this.unitNames.add(unit.name);
    this.learnText(unit.name);
  };

  /** A pattern of keys with every word that is not known as `*`. */
  mask(pattern: string): string {
    const known = this.shown.get(pattern);
    if (known !== undefined) return known;
    const masked = pattern
      .replace(WORD, (word) => (word.split(HUMPS).every(this.isKnown) ? word : '*'))
      .replace(MANY_VALUES, '*');
    if (this.shown.size >= MAX_PATTERNS) this.shown.clear();
    this.shown.set(pattern, masked);
    return masked;
  }

  /** A finding as it may be logged and exported. */
  readonly maskFinding = (finding: Finding): Finding => {
    const { cacheKey = '', title } = finding;
    // The name of a cache is a token of the application.
    const at = cacheKey.indexOf(' ');
    if (at < 0) return finding;
    const pattern = cacheKey.slice(at + 1);
    const masked = this.mask(pattern);
    if (masked === pattern) return finding;
    return {
      ...finding,
      cacheKey: cacheKey.slice(0, at + 1) + masked,
      title: title.replaceAll(pattern, masked),
    };
  };

  private learnSchema(schema: SchemaModel): void {
    this.schemas.add(schema);
    for (const { name, table, schema: space = '', columns, relations } of schema.entities) {
      for (const text of [name, table, space]) this.learnText(text);
      for (const { property, column } of columns) this.learnText(`${property} ${column}`);
      for (const { property } of relations) this.learnText(property);
    }
  }

  private learnText(text: string): void {
    for (const word of text.split(/[^\p{L}\d]+/u).flatMap((part) => part.split(HUMPS))) {
      const stemmed = stem(word);
      if (stemmed === '' || this.known.has(stemmed) || this.known.size >= MAX_WORDS) continue;
      this.known.add(stemmed);
      this.shown = new Map();
    }
  }

  /** A letter alone is nobody's name. */
  private readonly isKnown = (word: string): boolean =>
    word.length === 1 || VERSION.test(word) || this.known.has(stem(word));
}

/** Equal for singular and plural, more or less: what is not known is only not shown. */
function stem(word: string): string {
  return word
    .toLowerCase()
    .replace(/(?:es|s)+$/, '')
    .replace(/[eiy]+$/, '');
}
