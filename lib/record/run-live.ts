import type { Live } from './live-tracer.js';

/**
 * Runs the host's call inside of what a tracer has begun. The call runs exactly once, and only its own errors come out,
 * whatever the tracer does.
 */
export function runLive<T>(live: Live, work: () => T, failed: (error: unknown) => void): T {
  const call = new Call(work);
  try {
    live.run(call.once);
  } catch (error) {
    if (call.state !== 'threw') failed(error);
  }
  return call.outcome();
}

class Call<T> {
  state: 'waiting' | 'returned' | 'threw' = 'waiting';
  private value: unknown;

  constructor(private readonly work: () => T) {}

  readonly once = (): T => {
    try {
      this.value = this.work();
      this.state = 'returned';
      return this.value as T;
    } catch (error) {
      this.state = 'threw';
      this.value = error;
      throw error;
    }
  };

  outcome(): T {
    if (this.state === 'waiting') return this.work();
    if (this.state === 'returned') return this.value as T;
    throw this.value;
  }
}
