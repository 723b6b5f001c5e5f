import { context, metrics, SpanKind, trace } from '@opentelemetry/api';

const BUCKETS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

/**
 * The least that a trace of statements costs: one span and one histogram record for each, made by hand at the query runner,
 * the span active while the driver runs, with attributes that are there already.
 */
export function watchByHand(dataSource, database, isOn) {
  const tracer = trace.getTracer('floor');
  const duration = metrics.getMeter('floor').createHistogram('db.client.operation.duration', {
    unit: 's',
    advice: { explicitBucketBoundaries: BUCKETS },
  });
  const system = database === 'postgres' ? 'postgresql' : 'sqlite';
  const measured = { 'db.system.name': system, 'db.query.summary': 'SELECT query_lens_bench_person' };
  const byText = new Map();
  const attributesOf = (text) => {
    let attributes = byText.get(text);
    if (attributes === undefined) {
      if (byText.size > 500) byText.clear();
      attributes = {
        ...measured,
        'db.namespace': 'bench',
        'db.query.text': text,
        'server.address': 'localhost',
        'server.port': 5432,
        'db.operation.name': 'find',
        'db.collection.name': 'query_lens_bench_person',
      };
      byText.set(text, attributes);
    }
    return attributes;
  };
  const prototype = Object.getPrototypeOf(dataSource.createQueryRunner());
  const { query } = prototype;
  prototype.query = function (text, parameters, isStructured) {
    const run = isOn() ? watched : query;
    return run.call(this, text, parameters, isStructured);
  };
  async function watched(text, parameters, isStructured) {
    const { timeOrigin } = performance;
    const started = performance.now();
    const options = {
      kind: SpanKind.CLIENT,
      attributes: attributesOf(text),
      startTime: timeOrigin + started,
    };
    const active = context.active();
    const span = tracer.startSpan('SELECT query_lens_bench_person', options, active);
    const around = trace.setSpan(active, span);
    try {
      return await context.with(around, () => query.call(this, text, parameters, isStructured));
    } finally {
      const ended = performance.now();
      span.end(timeOrigin + ended);
      duration.record((ended - started) / 1_000, measured, around);
    }
  }
}
