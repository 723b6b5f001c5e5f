import { describe, expect, it } from '@jest/globals';
import { findingLine } from '../../../lib/report/finding-line.js';
import { finding } from '../statistics/build-unit.js';

describe('findingLine', () => {
  it('is the line to search for', () => {
    expect(findingLine(finding())).toBe(
      'n-plus-one Author.books x50 GET /authors authors.service.ts:42 in AuthorsService.list',
    );
  });

  it('names the statement where there is no relation', () => {
    const statement = {
      fingerprint: 'ab',
      text: 'SELECT "a"."id" FROM "public"."author" "a" WHERE "a"."id" = ?',
    };
    expect(
      findingLine(finding({ kind: 'duplicate-query', relation: undefined, statement, callSites: [] })),
    ).toBe('duplicate-query SELECT public.author x50 GET /authors');
  });

  it('leaves out a count of one', () => {
    expect(findingLine(finding({ cost: { statements: 1, rows: 0, timeMs: 0 } }))).not.toContain('x1');
  });

  it('is one line whatever the names are', () => {
    expect(findingLine(finding({ route: 'GET /a\nERROR forged\u001b[31m' }))).toContain(
      'GET /a ERROR forged\ufffd[31m',
    );
  });
});
