import { describe, expect, it } from '@jest/globals';
import type { Histogram } from '@opentelemetry/api';
import { MeasurementQueue } from '../../../lib/telemetry/measurement-queue.js';

function histogram(): Histogram & { readonly values: number[] } {
  const values: number[] = [];
  return { values, record: (value) => values.push(value) };
}

describe('measurements that wait', () => {
  it('are handed over in their order when somebody asks, each once', () => {
    const queue = new MeasurementQueue();
    const real = histogram();
    const late = queue.late(real);
    for (const value of [3, 1, 2]) late.record(value);
    expect(real.values).toEqual([]);
    queue.flush();
    queue.flush();
    expect(real.values).toEqual([3, 1, 2]);
  });

  it('are never more than 256', () => {
    const queue = new MeasurementQueue();
    const real = histogram();
    const late = queue.late(real);
    for (let n = 0; n < 1_000; n++) late.record(n);
    expect(real.values).toHaveLength(768);
  });

  it('do not wait any more once nobody will ask', () => {
    const queue = new MeasurementQueue();
    const real = histogram();
    const late = queue.late(real);
    late.record(1);
    queue.close();
    expect(real.values).toEqual([1]);
    late.record(2);
    expect(real.values).toEqual([1, 2]);
  });

  it('do not suffer from one that fails, which is told', () => {
    const queue = new MeasurementQueue();
    const real = histogram();
    const broken: Histogram = {
      record: () => {
        throw new Error('broken');
      },
    };
    queue.late(broken).record(1);
    queue.late(real).record(2);
    expect(() => {
      queue.flush();
    }).toThrow('broken');
    expect(real.values).toEqual([2]);
  });
});
