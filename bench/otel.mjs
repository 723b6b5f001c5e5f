// Preloaded by bench/run.mjs: what an application with OpenTelemetry has, but for an exporter. The instrumentations that are
// compared with must be there before what they instrument.
import { context, metrics, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { AggregationType, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';

const nothing = () => Promise.resolve();
const processor = { onStart: nothing, onEnd: () => undefined, forceFlush: nothing, shutdown: nothing };
const exporter = { export: (_metrics, done) => done({ code: 0 }), forceFlush: nothing, shutdown: nothing };
const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
export const tracerProvider = new BasicTracerProvider({ spanProcessors: [processor] });
/** As an application drops what it does not look at: every metric but the duration of statements. */
const dropped = ['db.client.response.returned_rows', 'db.client.connection.*', 'query_lens.*'];
const isDurationOnly = process.env['BENCH_METRICS'] === 'duration';
const views = (isDurationOnly ? dropped : []).map((instrumentName) => ({
  instrumentName,
  aggregation: { type: AggregationType.DROP },
}));
export const meterProvider = new MeterProvider({ readers: [reader], views });
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
trace.setGlobalTracerProvider(tracerProvider);
metrics.setGlobalMeterProvider(meterProvider);

/** Those that are asked for. */
export const instrumentations = [];
if (process.env['BENCH_INSTRUMENTATIONS'] === '1') {
  const { PgInstrumentation } = await import('@opentelemetry/instrumentation-pg');
  const { TypeormInstrumentation } = await import('@opentelemetry/instrumentation-typeorm');
  for (const Instrumentation of [PgInstrumentation, TypeormInstrumentation]) {
    const instrumentation = new Instrumentation();
    instrumentation.setTracerProvider(tracerProvider);
    instrumentation.setMeterProvider(meterProvider);
    instrumentations.push(instrumentation);
  }
}
