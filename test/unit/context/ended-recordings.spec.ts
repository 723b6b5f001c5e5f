import { describe, expect, it } from '@jest/globals';
import { EndedRecordings } from '../../../lib/context/ended-recordings.js';
import type { EndedRecording } from '../../../lib/context/running-unit.js';
import { UnitRecorder } from '../../../lib/record/unit-recorder.js';

function recording(id: string): EndedRecording {
  const recorder = new UnitRecorder({ id, kind: 'http', name: 'GET /', startedAt: 0, clockMs: 0 });
  return { recorder, clockMs: 1, isAfterResponse: false };
}

describe('ended recordings', () => {
  it('are taken later, in order, and not on the path that added them', async () => {
    const taken: string[] = [];
    const ended = new EndedRecordings(10, ({ recorder }) => taken.push(recorder.start.id));
    for (const id of ['a', 'b', 'c']) ended.add(recording(id));
    expect(taken).toEqual([]);
    await ended.drained();
    expect(taken).toEqual(['a', 'b', 'c']);
  });

  it('beyond the maximum are dropped and counted', async () => {
    let taken = 0;
    const ended = new EndedRecordings(2, () => taken++);
    for (const id of ['a', 'b', 'c', 'd']) ended.add(recording(id));
    await ended.drained();
    expect([taken, ended.dropped]).toEqual([2, 2]);
  });

  it('leave the event loop free between turns', async () => {
    const ended = new EndedRecordings(100, () => {
      const untilMs = performance.now() + 5;
      while (performance.now() < untilMs);
    });
    for (let index = 0; index < 10; index++) ended.add(recording(String(index)));
    let turns = 0;
    const counting = setInterval(() => turns++, 1);
    await ended.drained();
    clearInterval(counting);
    expect(turns).toBeGreaterThanOrEqual(5);
  });
});
