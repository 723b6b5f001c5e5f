import { replaceMethod } from '../replace-method.js';

/** The part of a readable stream that is used. */
interface StreamShape {
  push(chunk: unknown, ...rest: unknown[]): boolean;
  once(event: 'close', listener: () => void): unknown;
  readonly errored?: Error | null;
}

/**
 * Counts the rows of a stream and says when it has closed. Listens to `close` alone: a listener for `data` would start
 * the flow, one for `error` would hide an unhandled error from the host.
 */
export function watchStream(stream: unknown, closed: (rows: number, failure: unknown) => void): boolean {
  if (!isStream(stream)) return false;
  let rows = 0;
  const undo = replaceMethod(
    stream,
    'push',
    (push) =>
      function (this: unknown, ...args) {
        if (args[0] !== null && args[0] !== undefined) rows++;
        return push.apply(this, args);
      },
  );
  stream.once('close', () => {
    undo();
    closed(rows, stream.errored ?? undefined);
  });
  return true;
}

function isStream(value: unknown): value is StreamShape {
  const stream = value as Partial<StreamShape> | null | undefined;
  return typeof stream?.push === 'function' && typeof stream.once === 'function';
}
