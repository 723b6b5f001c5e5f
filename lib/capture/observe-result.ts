/** Hears how a call of the host ended. */
export interface ResultObserver {
  succeeded(value: unknown): void;
  failed(error: unknown): void;
}

/**
 * Hands a result through and says how it ended. A promise is continued and not observed on the side: a second reaction
 * would cut the host's asynchronous stack traces and hide rejections that the host does not handle.
 */
export function observeResult<T>(
  result: T,
  succeeded: (value: unknown) => void,
  failed: (error: unknown) => void,
): T {
  return tellResult(result, { succeeded, failed });
}

/** The same for an observer that exists anyway. */
export function tellResult<T>(result: T, observer: ResultObserver): T {
  if (!isThenable(result)) {
    observer.succeeded(result);
    return result;
  }
  return result.then(
    (value: unknown) => {
      observer.succeeded(value);
      return value;
    },
    (error: unknown) => {
      observer.failed(error);
      throw error;
    },
  ) as T;
}

/** A driver may answer with anything, a proxy included that throws whatever it is asked. */
function isThenable(value: unknown): value is PromiseLike<unknown> {
  if (value instanceof Promise) return true;
  try {
    return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
  } catch {
    return false;
  }
}
