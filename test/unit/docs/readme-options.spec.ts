import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { DEFAULT_ADMIN_PATH } from '../../../lib/admin/admin-options.js';
import { DEFAULT_OPTIONS } from '../../../lib/options.js';

describe('the options of the README', () => {
  it('are all there are, with their defaults', () => {
    expect(shownOptions()).toEqual(new Map([...knownOptions(), ...adminOptions()]));
  });
});

/** Rows such as `| thresholds.minRepeats | 3 | ... |`, the first two in backticks or plain. */
function shownOptions(): Map<string, string> {
  const [, section = ''] = /^## Options\n([^]*?)^## /m.exec(readFileSync('README.md', 'utf8')) ?? [];
  const rows = [...section.matchAll(/^\| `([\w.]+)` +\| (.+?) +\|/gm)];
  return new Map(rows.map(([, name = '', value = '']) => [name, value.replaceAll('`', '')]));
}

function knownOptions(): [string, string][] {
  const {
    thresholds,
    limits,
    telemetry,
    investigate,
    verifyAdvice,
    detectors: _detectors,
    ...plain
  } = DEFAULT_OPTIONS;
  return [
    ...Object.entries({
      ...plain,
      ...within('thresholds', thresholds),
      ...within('limits', limits),
      ...within('telemetry', telemetry),
      ...within('investigate', investigate),
      ...within('verifyAdvice', { ...verifyAdvice, mode: 'background' }),
    }).map(([name, value]): [string, string] => [name, JSON.stringify(value)]),
    ['dataSources', 'all'],
    ['detectors', 'all on'],
    ['verifyAdvice', 'false'],
  ];
}

function adminOptions(): [string, string][] {
  return [
    ['admin.path', DEFAULT_ADMIN_PATH],
    ['admin.guards', 'none'],
    ['admin.token', 'none'],
    ['admin.public', 'false'],
    ['admin.allowActions', 'false'],
    ['admin.decorators', 'none'],
  ];
}

function within(section: string, figures: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${section}.${name}`, value]));
}
