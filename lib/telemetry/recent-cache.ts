/**
 * A cache of two halves: what is asked for moves to the young one, and when that is full the old one goes. Keeps what is
 * in use, whatever passes by once.
 */
export class RecentCache<T> {
  private young = new Map<string, T>();
  private old = new Map<string, T>();
  private characters = 0;

  /** Each half takes so many keys, and so many characters of them. */
  constructor(
    private readonly maxKeys: number,
    private readonly maxCharacters: number,
  ) {}

  get(key: string, make: () => T): T {
    const found = this.young.get(key);
    if (found !== undefined) return found;
    const value = this.old.get(key) ?? make();
    if (this.young.size >= this.maxKeys || this.characters + key.length > this.maxCharacters) {
      this.old = this.young;
      this.young = new Map();
      this.characters = 0;
    }
    this.young.set(key, value);
    this.characters += key.length;
    return value;
  }
}
