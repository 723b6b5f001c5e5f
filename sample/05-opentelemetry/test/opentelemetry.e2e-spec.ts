import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { QueryLensService } from 'nestjs-query-lens';
import { OtlpReceiver } from '../../../test/integration/telemetry/otlp-receiver.js';
import { spanNamed } from '../../../test/integration/telemetry/span-tree.js';
import { freePort } from '../../../test/servers/free-port.mjs';
import { AppModule } from '../src/app.module.js';
import { OrdersService } from '../src/orders.service.js';

/** JavaScript, loaded before the application. Its packages are not everybody's. */
const TRACING: string = '../tracing.mjs';

describe('sample 05: OpenTelemetry', () => {
  const receiver = new OtlpReceiver();
  let app: INestApplication;
  let sdk: { shutdown(): Promise<void> };
  let scraped: string;

  beforeAll(async () => {
    const port = await freePort();
    Object.assign(process.env, {
      OTEL_EXPORTER_OTLP_ENDPOINT: await receiver.listen(),
      OTEL_EXPORTER_PROMETHEUS_HOST: '127.0.0.1',
      OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
      OTEL_LOGS_EXPORTER: 'otlp',
    });
    ({ sdk } = await import(TRACING));
    app = await NestFactory.create(AppModule, { logger: false });
    await app.listen(0);
    const url = await app.getUrl();
    for (const path of ['orders/pieces', 'orders/invoices']) await (await fetch(`${url}/${path}`)).text();
    await (await fetch(`${url}/orders/Ada/bun`, { method: 'POST' })).json();
    await app.get(OrdersService).countStock();
    await app.get(QueryLensService).report();
    scraped = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    // Sends what is left.
    await sdk.shutdown();
  });
  afterAll(async () => {
    await app.close();
    await receiver.close();
  });

  const ofTrace = (name: string) => {
    const root = spanNamed(receiver.spans, name);
    return receiver.spans.filter(({ traceId }) => traceId === root.traceId);
  };

  it('traces the statements of a request, and what is wrong with them', () => {
    const spans = ofTrace('GET /orders/pieces');
    const statements = spans.filter(({ kind }) => kind === 'CLIENT');
    expect(statements.map(({ name }) => name)).toEqual([
      'SELECT "order"',
      ...Array(5).fill('SELECT "order_line"'),
    ]);
    const finding = spanNamed(spans, 'finding n-plus-one');
    expect(finding.attributes).toMatchObject({ 'query_lens.relation': 'Order.lines' });
    expect(finding.links).toHaveLength(5);
  });

  it('has a transaction around its statements', () => {
    const spans = ofTrace('POST /orders/:customer/:product');
    const transaction = spanNamed(spans, 'transaction');
    expect(transaction.attributes).toMatchObject({ 'query_lens.transaction.outcome': 'committed' });
    const inside = spans.filter(({ parentSpanId }) => parentSpanId === transaction.spanId);
    expect(inside.length).toBeGreaterThanOrEqual(4);
  });

  it('has a root for what runs without a request', () => {
    const roots = receiver.spans.filter(({ name }) => name === 'interval OrdersService.countStock');
    expect(new Set(roots.map(({ parentSpanId }) => parentSpanId))).toEqual(new Set(['']));
  });

  it('exports a log record of the statement that failed, in its trace', () => {
    const failing = receiver.logs.filter(({ body }) => body.stringValue.startsWith('failing-query'));
    const span = ofTrace('GET /orders/invoices').find(({ status }) => status.code === 2);
    expect(failing.map(({ spanId }) => Buffer.from(spanId).toString('hex'))).toEqual([span?.spanId]);
  });

  it('shows its metrics to Prometheus', () => {
    expect(scraped).toMatch(
      /^db_client_operation_duration_count\{.*db_query_summary="SELECT \\"order_line\\"".*\} \d+$/m,
    );
    expect(scraped).toMatch(/^query_lens_findings_total\{.*query_lens_finding_kind="n-plus-one".*\} 1$/m);
  });
});
