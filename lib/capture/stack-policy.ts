import { keepLatest } from '../record/keep-latest.js';
import type { CapturedStack, UnitRecorder } from '../record/unit-recorder.js';

/** Deep enough for the `query` strategy four relations down. */
const STACK_DEPTH = 50;
/** Units that capture a statement's stacks before sampling begins. */
const EAGER_UNITS = 20;
/** From then on, one unit out of so many. */
const SAMPLE_EVERY = 50;
/** Stacks for one statement in one unit. */
const MAX_PER_UNIT = 40;
const MAX_STATEMENTS = 2_000;
/** Characters at each end of a statement that tell it from others. */
const EDGE = 1_024;
const NOT_THIS_UNIT = -1;

interface Seen {
  units: number;
  skipped: number;
}

/**
 * Decides which statements get their stack captured: capturing costs several microseconds, so frequent statements are
 * sampled, by whole units, because a finding needs the call sites of all its repetitions.
 */
export class StackPolicy {
  private readonly seen = new Map<number, Seen>();

  /** `below` is the function whose caller is the first frame wanted. */
  capture(
    recorder: UnitRecorder,
    statement: string,
    below: (...args: never[]) => unknown,
  ): CapturedStack | undefined {
    const key = keyOf(statement);
    const { occurrences } = recorder;
    const before = occurrences.get(key) ?? (this.isWanted(key) ? 0 : NOT_THIS_UNIT);
    if (before === NOT_THIS_UNIT || before >= MAX_PER_UNIT || !recorder.takeCallSite()) {
      if (before === NOT_THIS_UNIT && occurrences.size < MAX_STATEMENTS) occurrences.set(key, NOT_THIS_UNIT);
      return undefined;
    }
    occurrences.set(key, before + 1);
    return captureStack(below);
  }

  /** For a call that is sampled for another reason. */
  take(recorder: UnitRecorder, below: (...args: never[]) => unknown): CapturedStack | undefined {
    return recorder.takeCallSite() ? captureStack(below) : undefined;
  }

  private isWanted(key: number): boolean {
    const seen = this.seen.get(key) ?? this.remember(key);
    if (seen.units < EAGER_UNITS) return ++seen.units > 0;
    seen.skipped = (seen.skipped + 1) % SAMPLE_EVERY;
    return seen.skipped === 0;
  }

  /** The statement seen first is forgotten first: it is captured eagerly again when it comes back. */
  private remember(key: number): Seen {
    const seen = { units: 0, skipped: 0 };
    keepLatest(this.seen, key, seen, MAX_STATEMENTS);
    return seen;
  }
}

function captureStack(below: (...args: never[]) => unknown): CapturedStack {
  const holder: CapturedStack = {};
  const { stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = STACK_DEPTH;
    Error.captureStackTrace(holder, below);
  } catch {
    // Hardened processes freeze Error: statements are then recorded without their call site.
  } finally {
    restoreLimit(stackTraceLimit);
  }
  return holder;
}

function restoreLimit(stackTraceLimit: number): void {
  try {
    Error.stackTraceLimit = stackTraceLimit;
  } catch {
    // Frozen: it was never changed.
  }
}

/**
 * Digits, spaces and commas do not count: SQLite and MySQL get numbers and lists of numbers as literals. Statements that
 * share a key by accident share their sampling, nothing else.
 */
function keyOf(statement: string): number {
  const { length } = statement;
  let hash = length > 2 * EDGE ? length : 0;
  for (let index = 0; index < length; index++) {
    if (index === EDGE && length > 2 * EDGE) index = length - EDGE;
    const unit = statement.charCodeAt(index);
    if ((unit >= 48 && unit <= 57) || unit === 32 || unit === 44) continue;
    hash = (Math.imul(hash, 31) + unit) | 0;
  }
  return hash;
}
