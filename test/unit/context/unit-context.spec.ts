import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EndedRecording } from '../../../lib/context/running-unit.js';
import { UnitContext } from '../../../lib/context/unit-context.js';
import type { RecordScope } from '../../../lib/record/record-sink.js';
import { DEFAULT_UNIT_LIMITS } from '../../../lib/record/unit-limits.js';

function connected(): { context: UnitContext; ended: EndedRecording[] } {
  const ended: EndedRecording[] = [];
  const context = new UnitContext();
  context.connect({
    limits: DEFAULT_UNIT_LIMITS,
    traceId: () => undefined,
    ended: (recording) => ended.push(recording),
    failed: (where, error) => {
      throw new Error(where, { cause: error });
    },
  });
  return { context, ended };
}

/** A statement as capture records it: scope and open count at its start, the record at its end. */
function begin(context: UnitContext): { scope: RecordScope; end: () => void } {
  const scope = context.scope()!;
  scope.recorder.openStatements++;
  const sequence = scope.recorder.nextSequence();
  return {
    scope,
    end: () => {
      scope.recorder.addQuery({
        kind: 'query',
        sequence,
        dataSource: 'default',
        statement: 'SELECT 1',
        values: { kept: [], count: 0, digest: 0 },
        via: 'query',
        runner: 1,
        startMs: 0,
        waitMs: 0,
        executeMs: 1,
        load: scope.load,
      });
      scope.recorder.openStatements--;
    },
  };
}

const finished = ({ recorder, clockMs, isAfterResponse }: EndedRecording) => {
  const { kind, name, queries, id, durationMs } = recorder.finish(clockMs, () => undefined);
  return { kind, name, queries: queries.length, id, durationMs, isAfterResponse };
};

describe('a unit context', () => {
  let context: UnitContext;
  let ended: EndedRecording[];

  beforeEach(() => {
    ({ context, ended } = connected());
  });

  it('says with which statement its handler began', () => {
    const unit = context.begin('http', 'GET /a');
    context.run(unit, () => {
      begin(context).end();
      unit.handledBy({ controller: 'A', action: 'list' });
      begin(context).end();
      unit.handledBy({ controller: 'B', action: 'inner' });
    });
    context.end(unit);
    context.flush();
    const [{ recorder, clockMs }] = ended as [EndedRecording];
    expect(recorder.finish(clockMs, () => undefined).handledFrom).toBe(1);
  });

  afterEach(() => {
    context.close();
  });

  it('gives what belongs to no unit to bootstrap, then to background', () => {
    expect(context.scope()?.recorder.kind).toBe('bootstrap');
    begin(context).end();
    context.bootstrapped();
    expect(context.scope()?.recorder.kind).toBe('background');
    expect(ended.map(finished)).toMatchObject([{ kind: 'bootstrap', queries: 1 }]);
  });

  it('cuts the background after 500 records', () => {
    context.bootstrapped();
    for (let index = 0; index < 1_100; index++) begin(context).end();
    context.flush();
    expect(ended.map(finished).map(({ queries }) => queries)).toEqual([500, 500, 100]);
  });

  it('waits for statements that are open when the unit ends', async () => {
    const unit = context.begin('http', 'GET /');
    const statement = context.run(unit, () => begin(context));
    context.end(unit);
    expect(ended).toEqual([]);
    statement.end();
    await sleep(400);
    expect(ended.map(finished)).toMatchObject([{ name: 'GET /', queries: 1, isAfterResponse: false }]);
  });

  it('makes a segment of what is started after the unit was handed over', async () => {
    const unit = context.begin('http', 'GET /');
    await context.run(unit, async () => {
      begin(context).end();
      context.end(unit);
      await sleep(5);
      const late = begin(context);
      expect(late.scope.recorder.isResponded).toBe(true);
      late.end();
      begin(context).end();
    });
    context.flush();
    const [first, second] = ended.map(finished);
    expect(first).toMatchObject({ name: 'GET /', queries: 1, isAfterResponse: false });
    expect(second).toMatchObject({ id: first?.id, name: 'GET /', queries: 2, isAfterResponse: true });
    expect(second?.durationMs).toBeGreaterThanOrEqual(0);
  });

  it('forgets the running load in a segment, whose loads are others', async () => {
    const unit = context.begin('http', 'GET /');
    await context.run(unit, () =>
      context.within(context.scope()!, 7, async () => {
        expect(context.scope()?.load).toBe(7);
        context.end(unit);
        await sleep(1);
        expect(context.scope()?.load).toBeUndefined();
      }),
    );
  });

  it('reads nothing of another context', () => {
    const other = connected();
    const unit = other.context.begin('http', 'GET /other');
    other.context.run(unit, () => {
      expect(context.scope()?.recorder.kind).toBe('bootstrap');
      expect(context.current()).toBeUndefined();
      expect(other.context.current()).toBe(unit);
    });
    other.context.close();
  });

  it('hands over what ended before it was connected', () => {
    const early = new UnitContext();
    begin(early).end();
    early.flush();
    const taken: EndedRecording[] = [];
    early.connect({
      limits: DEFAULT_UNIT_LIMITS,
      traceId: () => undefined,
      ended: (one) => taken.push(one),
      failed: () => undefined,
    });
    expect(taken.map(finished)).toMatchObject([{ kind: 'bootstrap', queries: 1 }]);
    early.close();
  });

  it('records nothing once it is closed, and still runs what it is given', () => {
    const unit = context.begin('http', 'GET /');
    context.close();
    expect(context.scope()).toBeUndefined();
    expect(context.run(unit, () => 1)).toBe(1);
    expect(context.observe('job', () => 2)).toBe(2);
  });

  it('ends an observed unit when its promise settles, and passes on a rejection', async () => {
    await expect(context.observe('job', () => Promise.reject(new Error('as before')))).rejects.toThrow(
      'as before',
    );
    expect(() =>
      context.observe('job', () => {
        throw new Error('at once');
      }),
    ).toThrow('at once');
    expect(ended.map(finished)).toMatchObject([{ name: 'job', kind: 'observed' }, { name: 'job' }]);
  });
});
