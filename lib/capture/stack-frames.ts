import { AssertionError } from 'node:assert';
import type { CapturedStack } from '../record/unit-recorder.js';
import { readFrame, type StackFrame } from './stack-frame.js';

/** A frame as V8 has it, and as the process's own stack formatter shows it. */
export interface FramePair {
  /** In the file that runs: says whose code it is. */
  readonly raw: StackFrame;
  /** Where Jest, ts-node and the like map stacks: in the source. Equal to `raw` where nothing maps. */
  readonly shown: StackFrame;
}

/** The frames of a stack, innermost first. Formatting one is dear, and few are wanted: it is done for those asked for. */
export interface StackFrames {
  readonly length: number;
  /** The file that runs, path or URL; undefined for frames of the engine. */
  file(index: number): string | undefined;
  /** Undefined for a frame without a place. */
  at(index: number): FramePair | undefined;
}

interface CallSite {
  getFileName?(): unknown;
  /** Frames print themselves like in a stack. */
  toString(): string;
}

/** Node's hook for formatting stacks; absent until somebody sets it. */
interface StackFormatting {
  prepareStackTrace?(error: Error, sites: CallSite[]): unknown;
}

/**
 * The `Error` of Node itself. Code in a `vm` context, such as a CommonJS test of Jest, has an `Error` of its own, and where
 * that has no formatter Node asks this one.
 */
const OUTER_ERROR = Object.getPrototypeOf(AssertionError) as StackFormatting;

/**
 * Reads a captured stack. Frames are wanted unmapped, too: packages ship source maps with paths that leave
 * `node_modules`, so that a mapped frame of TypeORM looks like one of the application.
 */
export function framesOf(captured: CapturedStack): StackFrames {
  const formatting: StackFormatting = Error;
  const before = Object.getOwnPropertyDescriptor(formatting, 'prepareStackTrace');
  const format =
    formatting.prepareStackTrace?.bind(Error) ?? OUTER_ERROR.prepareStackTrace?.bind(OUTER_ERROR);
  let raw: readonly CallSite[] | undefined;
  let shown: unknown;
  formatting.prepareStackTrace = (error, sites) => {
    raw = sites;
    return format === undefined ? '' : formatSafely(() => format(error, sites));
  };
  try {
    shown = captured.stack;
  } finally {
    if (before === undefined) delete formatting.prepareStackTrace;
    else Object.defineProperty(formatting, 'prepareStackTrace', before);
  }
  return new Frames(raw, typeof shown === 'string' && shown !== '' ? shown.split('\n') : []);
}

function formatSafely(format: () => unknown): unknown {
  try {
    return format();
  } catch {
    return '';
  }
}

class Frames implements StackFrames {
  /** The lines of a formatted stack end with one for each frame; before them stands a header. */
  private readonly header: number;

  constructor(
    /** Undefined where the stack had been formatted before. */
    private readonly sites: readonly CallSite[] | undefined,
    private readonly shown: readonly string[],
  ) {
    this.header = sites === undefined ? 0 : shown.length - sites.length;
  }

  get length(): number {
    return this.sites?.length ?? this.shown.length;
  }

  file(index: number): string | undefined {
    const file = this.sites?.[index]?.getFileName?.();
    return typeof file === 'string' && file !== '' ? file : this.at(index)?.raw.file;
  }

  at(index: number): FramePair | undefined {
    const shownLine = this.shown[this.header + index];
    const site = this.sites?.[index];
    const raw = readFrame(site === undefined ? (shownLine ?? '') : `at ${site.toString()}`);
    return raw && { raw, shown: (shownLine === undefined ? undefined : readFrame(shownLine)) ?? raw };
  }
}
