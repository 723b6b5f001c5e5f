import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  DEFAULT_OPTIONS,
  DEFAULT_THRESHOLDS,
  ignoreFindings,
  type QueryLensOptions,
} from 'nestjs-query-lens';
import { resolveOptions } from '../../lib/options.js';

/** What is different where NODE_ENV is `test`. */
const IN_TESTS = {
  ...DEFAULT_OPTIONS,
  investigate: { ...DEFAULT_OPTIONS.investigate, mode: 'on-request' },
};

/** As JavaScript, or a configuration file, lets it pass. */
const resolveAny = (options: unknown) => resolveOptions(options as QueryLensOptions);

describe('options', () => {
  it('are the defaults when nothing is set', () => {
    expect(resolveOptions()).toEqual(IN_TESTS);
    expect(resolveOptions({})).toEqual(IN_TESTS);
  });

  it('are the defaults where undefined is set', () => {
    const undefinedOnes = Object.fromEntries(
      [...Object.keys(DEFAULT_OPTIONS), 'dataSources'].map((name) => [name, undefined]),
    );
    expect(resolveAny(undefinedOnes)).toEqual(IN_TESTS);
    expect(resolveOptions({ thresholds: { minRepeats: undefined } }).thresholds).toEqual(DEFAULT_THRESHOLDS);
  });

  it('change what is set and nothing else', () => {
    const options = resolveOptions({
      logFindings: false,
      thresholds: { slowQueryMs: 20 },
      detectors: { 'sequential-queries': false },
      limits: { maxUnits: 5 },
    });
    expect(options).toEqual({
      ...IN_TESTS,
      logFindings: false,
      thresholds: { ...DEFAULT_THRESHOLDS, slowQueryMs: 20 },
      detectors: { ...DEFAULT_OPTIONS.detectors, 'sequential-queries': false },
      limits: { ...DEFAULT_OPTIONS.limits, maxUnits: 5 },
    });
  });

  it.each([
    [{ investigate: { mode: 'never' } }, `QL002: option "investigate.mode" is "never"`],
    [{ investigate: { analyse: true } }, 'QL001: unknown option "investigate.analyse"'],
    [{ treshold: {} }, 'QL001: unknown option "treshold" (known: enabled, '],
    [{ thresholds: { minRepeat: 3 } }, 'QL001: unknown option "thresholds.minRepeat"'],
    [{ detectors: { 'n-plus-two': false } }, 'QL001: unknown option "detectors.n-plus-two"'],
    [{ limits: { maxUnit: 1 } }, 'QL001: unknown option "limits.maxUnit"'],
    [{ thresholds: { minRepeats: -1 } }, 'QL002: option "thresholds.minRepeats" is -1, so it cannot be used'],
    [{ thresholds: { minRepeats: '3' } }, 'QL002: option "thresholds.minRepeats" is "3"'],
    [{ thresholds: { slowQueryMs: NaN } }, 'QL002: option "thresholds.slowQueryMs" is NaN'],
    [{ thresholds: { sequentialSavingShare: 1.1 } }, 'a number from 0 to 1 is needed'],
    [{ limits: { maxQueries: 0.5 } }, 'QL002: option "limits.maxQueries" is 0.5'],
    [{ limits: 5 }, 'QL002: option "limits" is 5'],
    [{ enabled: 'yes' }, 'QL002: option "enabled" is "yes"'],
    [{ detectors: { 'n-plus-one': 0 } }, 'QL002: option "detectors.n-plus-one" is 0'],
    [{ dataSources: 'default' }, 'QL002: option "dataSources" is "default"'],
    [null, 'QL002: option "options" is null, so it cannot be used: an object is needed'],
    ['production', 'QL002: option "options" is "production"'],
    [{ logFinding: true }, 'Correct its name (did you mean "logFindings"?) or remove it'],
    [{ Enabled: true }, '(did you mean "enabled"?)'],
    [{ cache: true }, 'Correct its name or remove it'],
    [{ admin: { public: true } }, 'move it beside useFactory: forRootAsync({ admin: { ... }, useFactory })'],
    [{ ignore: [null] }, 'QL002: option "ignore[0]" is null'],
    [{ ignore: ['n-plus-one'] }, 'a rule made by ignoreFindings() is needed'],
    [{ ignore: {} }, 'QL002: option "ignore" is {}'],
    [{ ignore: [{ kind: 'n-plus-one' }] }, 'QL004: an ignore rule without a reason ({"kind":"n-plus-one"})'],
    [{ ignore: [{ reason: ' ' }] }, 'QL004'],
    [{ ignore: [{ kind: 'n+1', reason: 'x' }] }, 'QL005: an ignore rule names the kind "n+1"'],
    [{ ignore: [{ rout: 'GET /', reason: 'x' }] }, 'QL001: unknown option "ignore[0].rout"'],
    [{ ignore: [{ expires: 'soon', reason: 'x' }] }, 'QL002: option "ignore[0].expires" is "soon"'],
  ])('refuse %j', (options, message) => {
    expect(() => resolveAny(options)).toThrow(message);
  });

  it('refuse every threshold that is no number of 0 or more', () => {
    const names = Object.keys(DEFAULT_THRESHOLDS);
    const nonsense = fc.oneof(
      fc.double({ max: -Number.MIN_VALUE, noNaN: true }),
      fc.constantFrom(NaN, Infinity, null, '1', true),
    );
    fc.assert(
      fc.property(fc.constantFrom(...names), nonsense, (name, value) => {
        expect(() => resolveAny({ thresholds: { [name]: value } })).toThrow('QL002');
      }),
    );
  });

  it('keep an ignore rule as it was made', () => {
    const rule = ignoreFindings({ kind: 'n-plus-one', reason: 'three rows', expires: '2027-01-31' });
    expect(resolveOptions({ ignore: [rule] }).ignore).toEqual([rule]);
    expect(Object.isFrozen(rule)).toBe(true);
  });
});
