import { describe, expect, it } from '@jest/globals';
import { MeasurementQueue, type Measurement } from '../../../lib/telemetry/measurement-queue.js';
import type { Instruments } from '../../../lib/telemetry/instruments.js';

const instruments = { durations: [] } as unknown as Instruments;

describe('measurements that wait', () => {
  it('are handed over to the instruments in their order when somebody asks, each once', () => {
    const { queue, measure, values } = setUp();
    for (const value of [3, 1, 2]) measure(value);
    expect(values).toEqual([]);
    queue.flush();
    queue.flush();
    expect(values).toEqual([3, 1, 2]);
  });

  it('are handed over in a pause when there are many of them', () => {
    const { queue, measure, values } = setUp();
    for (let n = 0; n < 127; n++) measure(n);
    queue.pause();
    expect(values).toEqual([]);
    measure(127);
    expect(values).toEqual([]);
    queue.pause();
    expect(values).toHaveLength(128);
  });

  it('are never more than 512', () => {
    const { measure, values } = setUp();
    for (let n = 0; n < 1_100; n++) measure(n);
    expect(values).toHaveLength(1_024);
  });

  it('do not wait any more once nobody will ask', () => {
    const { queue, measure, values } = setUp();
    measure(1);
    queue.close();
    expect(values).toEqual([1]);
    measure(2);
    expect(values).toEqual([1, 2]);
  });

  it('do not suffer from one that fails, which is told', () => {
    const { queue, measure, values } = setUp();
    queue.add({
      record: () => {
        throw new Error('broken');
      },
    });
    measure(2);
    expect(() => {
      queue.flush();
    }).toThrow('broken');
    expect(values).toEqual([2]);
  });
});

function setUp() {
  const queue = new MeasurementQueue(instruments);
  const values: number[] = [];
  const measure = (value: number): void => {
    const measurement: Measurement = {
      record: (given) => {
        expect(given).toBe(instruments);
        values.push(value);
      },
    };
    queue.add(measurement);
  };
  return { queue, values, measure };
}
