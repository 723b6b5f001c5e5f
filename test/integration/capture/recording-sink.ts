import { AsyncLocalStorage } from 'node:async_hooks';
import { createCallSiteResolver } from '../../../lib/capture/call-site.js';
import type { LiveTracer } from '../../../lib/record/live-tracer.js';
import type { RecordScope, RecordSink } from '../../../lib/record/record-sink.js';
import { UnitRecorder } from '../../../lib/record/unit-recorder.js';
import type { UnitKind, UnitOfWork } from '../../../lib/record/unit-of-work.js';

const resolve = createCallSiteResolver((file) => file.endsWith('recording-sink.ts'));

/** The port with as little behind it as possible: units are opened by hand, and finished when their work is. */
export class RecordingSink implements RecordSink {
  readonly failures: unknown[] = [];
  private readonly scopes = new AsyncLocalStorage<RecordScope>();
  private units = 0;
  private background = this.recorder('background', 'background');

  constructor(readonly tracer?: LiveTracer) {}

  scope(): RecordScope | undefined {
    return this.scopes.getStore() ?? { recorder: this.background };
  }

  within<T>(scope: RecordScope, load: number, work: () => T): T {
    return this.scopes.run({ ...scope, load }, work);
  }

  inside<T>(scope: RecordScope, part: Pick<RecordScope, 'computation' | 'access'>, work: () => T): T {
    return this.scopes.run({ ...scope, ...part }, work);
  }

  failed(where: string, error: unknown): void {
    this.failures.push([where, error]);
  }

  async unit(work: () => unknown, name = 'test'): Promise<UnitOfWork> {
    const recorder = this.recorder('observed', name);
    await this.scopes.run({ recorder }, work as () => Promise<unknown>);
    return recorder.finish(performance.now(), resolve);
  }

  /** A unit that the test finishes itself. */
  open<T>(work: () => T): { recorder: UnitRecorder; result: T } {
    const recorder = this.recorder('observed', 'open');
    return { recorder, result: this.scopes.run({ recorder }, work) };
  }

  /** What belonged to no unit so far. */
  drain(): UnitOfWork {
    const unit = this.background.finish(performance.now(), resolve);
    this.background = this.recorder('background', 'background');
    return unit;
  }

  private recorder(kind: UnitKind, name: string): UnitRecorder {
    const id = `${name}-${++this.units}`;
    this.tracer?.look();
    return new UnitRecorder({ id, kind, name, startedAt: Date.now(), clockMs: performance.now() });
  }
}
