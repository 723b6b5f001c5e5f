import type { Steps } from './steps.js';

/** The text that `JSON.stringify` makes of an object, item by item of its lists. */
export function* jsonSteps(value: object): Steps<string> {
  const parts: string[] = [];
  for (const [key, of] of Object.entries(value)) {
    // TypeScript does not know that it answers undefined for what JSON cannot say.
    const text = Array.isArray(of) ? yield* listSteps(of) : (JSON.stringify(of) as string | undefined);
    if (text !== undefined) parts.push(`${JSON.stringify(key)}:${text}`);
    yield;
  }
  return `{${parts.join(',')}}`;
}

function* listSteps(items: readonly unknown[]): Steps<string> {
  const parts: string[] = [];
  for (const item of items) {
    const text = JSON.stringify(item) as string | undefined;
    parts.push(text ?? 'null');
    yield;
  }
  return `[${parts.join(',')}]`;
}
