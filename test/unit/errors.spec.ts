import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ERRORS, QueryLensError, type ErrorCode } from 'nestjs-query-lens';

const codes = Object.keys(ERRORS) as ErrorCode[];
const documented = [...readFileSync('docs/errors.md', 'utf8').matchAll(/^## (QL\d{3})$/gm)].map(
  ([, code]) => code,
);

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && file !== 'errors.ts')
    .map((file) => readFileSync(join(folder, file), 'utf8'));
}

describe('error codes', () => {
  it('each have a section in docs/errors.md, and no section is without a code', () => {
    expect(documented).toEqual(codes);
  });

  it('are each thrown somewhere', () => {
    const thrown = new Set(
      sources('lib').flatMap((text) =>
        [...text.matchAll(/QueryLensError\('(QL\d{3})'/g)].map(([, code]) => code),
      ),
    );
    expect([...thrown].sort()).toEqual(codes);
  });

  it.each(codes)('%s says what, why and how to mend it', (code) => {
    const { what, why, fix } = ERRORS[code];
    const { message } = new QueryLensError(code, {});
    expect(message).toBe(`${code}: ${what}, so ${why}. ${fix}`);
    expect(fix).toMatch(/^[A-Z].*[.]$/);
  });

  it('show the values', () => {
    const { message, name, code } = new QueryLensError('QL002', {
      option: 'limits.maxUnits',
      value: '-1',
      expected: 'a number',
    });
    expect([name, code]).toEqual(['QueryLensError', 'QL002']);
    expect(message).toMatch(
      /^QL002: option "limits[.]maxUnits" is -1, so it cannot be used: a number is needed[.] /,
    );
  });
});
