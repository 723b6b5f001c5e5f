import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
// Generated from the official .proto files.
import root from '@opentelemetry/otlp-proto-exporter-base/build/src/generated/root.js';

type Messages = Record<string, { decode(bytes: Uint8Array): any }>;
const { collector } = (root as any).opentelemetry.proto as {
  collector: Record<string, { v1: Messages }>;
};

export type Value = string | number | boolean | readonly Value[];

/** One exported span, as its bytes say. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for a root. */
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: 'INTERNAL' | 'SERVER' | 'CLIENT' | 'PRODUCER' | 'CONSUMER' | 'UNSPECIFIED';
  readonly scope: string;
  /** Nanoseconds since the epoch. */
  readonly start: bigint;
  readonly end: bigint;
  readonly attributes: Readonly<Record<string, Value>>;
  /** How each value was encoded: `stringValue`, `intValue`. */
  readonly types: Readonly<Record<string, string>>;
  readonly status: { readonly code: number; readonly message: string };
  readonly links: readonly { readonly spanId: string }[];
}

/** An OTLP/HTTP endpoint: takes what an application exports, and decodes it by the official definitions. */
export class OtlpReceiver {
  readonly spans: ReceivedSpan[] = [];
  readonly metrics: any[] = [];
  readonly logs: any[] = [];
  /** Everything that arrived, undecoded. */
  readonly bytes: Buffer[] = [];
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        this.take(request.url ?? '', Buffer.concat(chunks));
        response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this.url;
  }

  /** Once it listens. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  clear(): void {
    for (const list of [this.spans, this.metrics, this.logs, this.bytes]) list.length = 0;
  }

  private take(url: string, body: Buffer): void {
    this.bytes.push(body);
    if (url === '/v1/traces') {
      const request = collector['trace']!.v1['ExportTraceServiceRequest']!.decode(body);
      for (const { scopeSpans } of request.resourceSpans)
        for (const { scope, spans } of scopeSpans)
          for (const span of spans) this.spans.push(receivedSpan(span, scope?.name ?? ''));
    } else if (url === '/v1/metrics') {
      const request = collector['metrics']!.v1['ExportMetricsServiceRequest']!.decode(body);
      for (const { scopeMetrics } of request.resourceMetrics)
        for (const { scope, metrics } of scopeMetrics)
          for (const metric of metrics) this.metrics.push({ scope: scope?.name, ...metric });
    } else if (url === '/v1/logs') {
      const request = collector['logs']!.v1['ExportLogsServiceRequest']!.decode(body);
      for (const { scopeLogs } of request.resourceLogs)
        for (const { scope, logRecords } of scopeLogs)
          for (const record of logRecords) this.logs.push({ scope: scope?.name, ...record });
    }
  }
}

const KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'] as const;

function receivedSpan(span: any, scope: string): ReceivedSpan {
  return {
    traceId: hex(span.traceId),
    spanId: hex(span.spanId),
    parentSpanId: hex(span.parentSpanId),
    name: span.name,
    kind: KINDS[span.kind as number] ?? 'UNSPECIFIED',
    scope,
    start: BigInt(span.startTimeUnixNano.toString()),
    end: BigInt(span.endTimeUnixNano.toString()),
    attributes: attributesOf(span.attributes),
    types: Object.fromEntries(span.attributes.map(({ key, value }: any) => [key, typeOf(value)])),
    status: { code: span.status?.code ?? 0, message: span.status?.message ?? '' },
    links: span.links.map((link: any) => ({ spanId: hex(link.spanId) })),
  };
}

/** Attributes of a span, a data point or a log record. */
export function attributesOf(attributes: readonly any[]): Record<string, Value> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, valueOf(value)]));
}

function typeOf(value: any): string {
  return Object.keys(value).find((name) => value[name] != null && Object.hasOwn(value, name)) ?? 'none';
}

function valueOf(value: any): Value {
  const type = typeOf(value);
  if (type === 'arrayValue') return value.arrayValue.values.map(valueOf);
  return type === 'intValue' ? Number(value.intValue.toString()) : value[type];
}

function hex(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString('hex');
}
