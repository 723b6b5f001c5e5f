import type { Settling } from './settling.js';

type Step = (...given: unknown[]) => Promise<IteratorResult<unknown>>;

const STEPS = ['next', 'return', 'throw'] as const;

/** What an `async function*` returns. */
export function isAsyncGenerator(value: unknown): value is AsyncGenerator {
  return Object.prototype.toString.call(value) === '[object AsyncGenerator]';
}

/** An async generator runs in the context of whoever asks for its next value: each step is brought back into the unit. */
export function followGenerator(generator: AsyncGenerator, settling: Settling): void {
  for (const name of STEPS) {
    const original = Reflect.get(generator, name) as Step;
    const step: Step = (...given) => {
      const result = settling.resume(() => Reflect.apply(original, generator, given));
      return result.then(
        (value) => {
          if (value.done === true) settling.done();
          else settling.returned(value.value);
          return value;
        },
        (error: unknown) => {
          settling.done({ error });
          throw error;
        },
      );
    };
    Object.defineProperty(generator, name, { value: step, configurable: true, writable: true });
  }
}
