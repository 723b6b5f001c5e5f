// Loaded before the application: `node --import ./tracing.mjs dist/main.js`. Everything can be said by OpenTelemetry's own
// variables; these are the defaults of this sample.
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { NodeSDK } from '@opentelemetry/sdk-node';

const { env } = process;
env['OTEL_SERVICE_NAME'] ??= 'orders';
// OTLP over HTTP to localhost:4318, unless OTEL_EXPORTER_OTLP_ENDPOINT says otherwise.
env['OTEL_TRACES_EXPORTER'] ??= 'otlp';
// http://localhost:9464/metrics, unless OTEL_EXPORTER_PROMETHEUS_PORT says otherwise.
env['OTEL_METRICS_EXPORTER'] ??= 'prometheus';
// Jaeger takes no log records; a collector does: OTEL_LOGS_EXPORTER=otlp.
env['OTEL_LOGS_EXPORTER'] ??= 'none';

// The requests come from here, the statements from QueryLens. No instrumentation of a database is needed.
export const sdk = new NodeSDK({ instrumentations: [new HttpInstrumentation()] });
sdk.start();

// Sends what is left. Nest sends itself the signal again when it has closed the application: that must not come first.
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    void sdk
      .shutdown()
      .catch(() => undefined)
      .finally(() => process.exit(0));
  });
