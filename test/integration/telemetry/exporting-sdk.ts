import { context, metrics, trace, TraceFlags, type Tracer } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BasicTracerProvider, type ReadableSpan, type SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { OtlpReceiver, type ReceivedSpan } from './otlp-receiver.js';

/** An OpenTelemetry SDK as an application registers it, and what it exports. */
export class ExportingSdk {
  readonly receiver = new OtlpReceiver();
  private readonly ended: ReadableSpan[] = [];
  private exporter!: OTLPTraceExporter;
  private provider!: BasicTracerProvider;

  async start(processors: readonly SpanProcessor[] = []): Promise<void> {
    const url = await this.receiver.listen();
    this.exporter = new OTLPTraceExporter({ url: `${url}/v1/traces` });
    this.provider = new BasicTracerProvider({ spanProcessors: [this.collect, ...processors] });
    trace.setGlobalTracerProvider(this.provider);
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  }

  /** In one batch when it is asked for: the SDK's own processor sends when it likes. */
  private readonly collect: SpanProcessor = {
    onStart: () => undefined,
    onEnd: (span) => {
      if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0) this.ended.push(span);
    },
    forceFlush: () => Promise.resolve(),
    shutdown: () => this.exporter.shutdown(),
  };

  get tracer(): Tracer {
    return trace.getTracer('application');
  }

  /** Runs work as an instrumented server would: inside of a span. Answers everything that was exported meanwhile. */
  async during(work: () => Promise<unknown>, name = 'request'): Promise<readonly ReceivedSpan[]> {
    await this.exported();
    this.receiver.clear();
    await this.tracer.startActiveSpan(name, async (span) => {
      try {
        await work();
      } finally {
        span.end();
      }
    });
    return this.exported();
  }

  async exported(): Promise<readonly ReceivedSpan[]> {
    const batch = this.ended.splice(0);
    if (batch.length > 0)
      await new Promise<void>((resolve, reject) => {
        this.exporter.export(batch, ({ error }) => {
          if (error === undefined) resolve();
          else reject(error);
        });
      });
    return this.receiver.spans;
  }

  async stop(): Promise<void> {
    await this.provider.shutdown();
    trace.disable();
    metrics.disable();
    context.disable();
    await this.receiver.close();
  }
}
