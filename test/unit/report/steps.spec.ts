import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { inSlices } from '../../../lib/in-slices.js';
import { jsonSteps } from '../../../lib/report/json-steps.js';
import { finished, type Steps } from '../../../lib/report/steps.js';
import { sampleReport } from './sample-report.js';

describe('work in steps', () => {
  it('makes the text of JSON.stringify', () => {
    expect(finished(jsonSteps(sampleReport()))).toBe(JSON.stringify(sampleReport()));
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.anything({ withNullPrototype: false })), (value) => {
        expect(finished(jsonSteps(value))).toBe(JSON.stringify(value));
      }),
    );
  });

  it('lets others run between two steps of what takes long', async () => {
    const order: string[] = [];
    setImmediate(() => order.push('a request'));
    await inSlices(
      (function* (): Steps<void> {
        const until = performance.now() + 100;
        while (performance.now() < until) yield;
        order.push('the end');
      })(),
    );
    expect(order).toEqual(['a request', 'the end']);
  });
});
