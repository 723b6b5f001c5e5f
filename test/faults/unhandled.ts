import { afterAll, beforeAll } from '@jest/globals';

/** What nobody handled, from now until the suite has ended. */
export function heardUnhandled(): unknown[] {
  const heard: unknown[] = [];
  const note = (reason: unknown) => heard.push(reason);
  beforeAll(() => {
    process.on('unhandledRejection', note);
  });
  afterAll(() => {
    process.off('unhandledRejection', note);
  });
  return heard;
}
