import { settle } from './settle.js';

/** Runs the handler of a request, and says when its result is there: from then on the response is written. */
export function answering<T>(work: () => T, returned: () => void): T {
  const nothing = () => undefined;
  return settle(work, { resume: (later) => later(), returned, lasts: nothing, done: nothing });
}
