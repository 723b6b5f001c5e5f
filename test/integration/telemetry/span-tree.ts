import type { ReceivedSpan } from './otlp-receiver.js';

/** Spans as indented names, in the order of their beginning: what Jaeger shows. */
export function tree(spans: readonly ReceivedSpan[], parent = ''): string[] {
  // Whether making entities takes a millisecond is chance.
  const shown = childrenOf(spans, parent).filter(({ name }) => name !== 'hydrate');
  return shown.flatMap((span) => [
    `${span.kind} ${span.name}`,
    ...tree(spans, span.spanId).map((line) => `  ${line}`),
  ]);
}

export function childrenOf(spans: readonly ReceivedSpan[], parent: string): ReceivedSpan[] {
  return spans
    .filter(({ parentSpanId }) => parentSpanId === parent)
    .sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
}

/** The one span of a name. */
export function spanNamed(spans: readonly ReceivedSpan[], name: string | RegExp): ReceivedSpan {
  const found = spans.filter((span) =>
    typeof name === 'string' ? span.name === name : name.test(span.name),
  );
  if (found.length !== 1)
    throw new Error(`${found.length} spans are called ${String(name)}:\n${tree(spans).join('\n')}`);
  return found[0]!;
}
