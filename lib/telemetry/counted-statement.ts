import type { Span } from '@opentelemetry/api';
import type { LiveStatement, StatementEnd } from '../record/live-tracer.js';
import type { Totals } from './unit-totals.js';

/** A statement whose span is another instrumentation's: it counts for its unit of work all the same. */
export class CountedStatement implements LiveStatement {
  readonly span?: Span;

  constructor(
    private readonly totals: Totals,
    private readonly startMs: number,
  ) {}

  run<T>(work: () => T): T {
    return work();
  }

  end({ clockMs, rowsReturned }: StatementEnd): void {
    this.totals.ended(clockMs - this.startMs, rowsReturned);
  }
}
