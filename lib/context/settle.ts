import { types } from 'node:util';
import { isObservable, Observable } from 'rxjs';
import { followGenerator, isAsyncGenerator } from './follow-generator.js';
import type { Failure, Settling } from './settling.js';

/**
 * Runs `work` and says when it has really ended: now, when its promise settles, when its observable ends, or when its
 * async generator does. Values and errors pass unchanged.
 */
export function settle<T>(work: () => T, settling: Settling): T {
  let result: T;
  try {
    result = work();
  } catch (error) {
    settling.done({ error });
    throw error;
  }
  if (!types.isPromise(result)) return follow(result, settling);
  const settled = result.then(
    (value) => follow(value, settling),
    (error: unknown) => {
      settling.done({ error });
      throw error;
    },
  );
  // A promise of the same value, like the one that the function made.
  return settled as T;
}

function follow<T>(result: T, settling: Settling): T {
  if (isObservable(result) && !isSubject(result)) {
    settling.lasts();
    // Subscribing to it is all that one does with an observable.
    return rewrapped(result, settling) as T;
  }
  if (isAsyncGenerator(result)) {
    settling.lasts();
    followGenerator(result, settling);
    return result;
  }
  settling.returned(result);
  settling.done();
  return result;
}

/** Somebody else gives values to a subject, and may want the very same object. What `pipe()` makes of one has a source. */
function isSubject(result: Observable<unknown>): boolean {
  return 'next' in result && Reflect.get(result, 'source') === undefined;
}

function rewrapped(source: Observable<unknown>, settling: Settling): Observable<unknown> {
  return new Observable((subscriber) => {
    let failure: Failure | undefined;
    settling.resume(() => {
      const next = (value: unknown) => {
        settling.returned(value);
        subscriber.next(value);
      };
      const error = (thrown: unknown) => {
        failure = { error: thrown };
        subscriber.error(thrown);
      };
      const complete = () => {
        subscriber.complete();
      };
      subscriber.add(source.subscribe({ next, error, complete }));
    });
    subscriber.add(() => {
      settling.done(failure);
    });
  });
}
