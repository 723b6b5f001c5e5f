import { describe, expect, it } from '@jest/globals';
import { KeyPatterns } from '../../../lib/capture/key-patterns.js';

describe('patterns of cache keys', () => {
  it.each([
    ['author:12', 'author:*'],
    ['top-authors', 'top-authors'],
    ['/authors/12/books?limit=5&after=ada', '/authors/*/books?limit=*&after=*'],
    ['session:6f9619ff-8b86-d011-b42d-00c04fc964ff', 'session:*'],
    ['user:ada@example.com', 'user:*'],
    ['token:9f86d081884c7d659a2feaa0c55ad015', 'token:*'],
    ['v2:author:12', 'v2:author:*'],
    ['report:2026-11-27', 'report:*'],
    ['search:{"term":"ada"}', 'search:*:*'],
    ['name:Ada Lovelace Ünal', 'name:Ada Lovelace *'],
    ['', ''],
  ])('folds %j to %j', (key, pattern) => {
    expect(new KeyPatterns().fold(key).pattern).toBe(pattern);
  });

  it('takes what is one of many at its place for a value', () => {
    const patterns = new KeyPatterns();
    const words = Array.from(
      { length: 40 },
      (_, n) => `slug-${String.fromCharCode(97 + (n % 26), 97 + n / 26)}`,
    );
    const seen = words.map((word) => patterns.fold(`post:${word}`).pattern);
    expect(seen[0]).toBe('post:slug-aa');
    expect(new Set(seen.slice(10))).toEqual(new Set(['post:*']));
  });

  it('tells entries of one pattern apart', () => {
    const patterns = new KeyPatterns();
    const digests = Array.from({ length: 1_000 }, (_, n) => patterns.fold(`author:${n}`).digest);
    expect(new Set(digests).size).toBe(1_000);
    expect(patterns.fold('author:1').digest).toBe(digests[1]);
  });

  it('shows the beginning of a long key only', () => {
    const key = `feed:${'x'.repeat(30)}:${'secret '.repeat(100)}`;
    const { pattern } = new KeyPatterns().fold(key);
    expect(pattern.length).toBeLessThan(60);
    expect(pattern).not.toContain('secret');
    expect(pattern.endsWith('…')).toBe(true);
  });

  it('takes keys that are no texts', () => {
    expect(new KeyPatterns().fold(12).pattern).toBe('*');
    expect(new KeyPatterns().fold(undefined).pattern).toBe('undefined');
  });
});
