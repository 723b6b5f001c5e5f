import { AssertionError } from 'node:assert';
import { describe, expect, it } from '@jest/globals';
import { framesOf } from '../../../lib/capture/stack-frames.js';

type Formatter = ((error: unknown, sites: unknown[]) => string) | undefined;

/** Runs work while these are the formatters of the realm that the test is in, and of Node itself. */
function withFormatters<T>(here: Formatter, outer: Formatter, work: () => T): T {
  const realms: [{ prepareStackTrace?: Formatter }, Formatter][] = [
    [Error as object, here],
    [Object.getPrototypeOf(AssertionError) as object, outer],
  ];
  const before = realms.map(([error]) => error.prepareStackTrace);
  for (const [error, formatter] of realms) error.prepareStackTrace = formatter;
  try {
    return work();
  } finally {
    realms.forEach(([error], index) => (error.prepareStackTrace = before[index]));
  }
}

const mapped = (file: string) => (_: unknown, sites: unknown[]) =>
  ['Error', ...sites.map(() => `    at list (${file}:7:1)`)].join('\n');

function shownFile(): string | undefined {
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder);
  return framesOf(holder).at(0)?.shown.file;
}

describe('frames in a vm context, as in Jest', () => {
  it('are shown as the formatter of the context says', () => {
    expect(withFormatters(mapped('/here.ts'), mapped('/outer.ts'), shownFile)).toBe('/here.ts');
  });

  it('are shown as Node says where the context has no formatter: ts-jest in CommonJS', () => {
    expect(withFormatters(undefined, mapped('/outer.ts'), shownFile)).toBe('/outer.ts');
  });

  it('are shown as they are where nobody formats', () => {
    expect(withFormatters(undefined, undefined, shownFile)).toMatch(/stack-frames\.spec\.ts$/);
  });
});
