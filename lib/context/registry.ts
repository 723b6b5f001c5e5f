import { AsyncLocalStorage } from 'node:async_hooks';
import type { RecordSink } from '../record/record-sink.js';
import type { Frame, UnseenFrame } from './frame.js';
import type { Observer } from './observer.js';

/** A handler method with a wrapper that all applications of the process share. */
export interface WrappedHandler {
  /** The applications that have the method's class. */
  readonly users: Set<Observer>;
  readonly restore: () => void;
}

/** What every copy of the package in this process shares: an application may load its ESM and its CommonJS build. */
export interface Registry {
  /** What stands in the place of handler methods, by the function that stands there. */
  readonly handlers: WeakMap<object, WrappedHandler>;
  readonly frames: AsyncLocalStorage<Frame | UnseenFrame>;
  /** Names that users gave to methods, by method. */
  readonly names: WeakMap<object, string>;
  /** Which application a provider or controller belongs to. */
  readonly owners: WeakMap<object, Observer>;
  /** The applications that run now. */
  readonly running: Set<Observer>;
  /** Those, and what `forRoot()` has prepared for others. */
  readonly contexts: Set<RecordSink>;
}

const KEY = Symbol.for('nestjs-query-lens');

/** The one of this process, made when it is first asked for. */
export function registry(): Registry {
  const shared = ((globalThis as { [KEY]?: { context?: Registry } })[KEY] ??= {});
  return (shared.context ??= {
    handlers: new WeakMap(),
    frames: new AsyncLocalStorage(),
    names: new WeakMap(),
    owners: new WeakMap(),
    running: new Set(),
    contexts: new Set(),
  });
}
