import assert from 'node:assert/strict';
import type { DynamicModule, INestApplication } from '@nestjs/common';
import type { TypeOrmModuleAsyncOptions } from '@nestjs/typeorm';
import * as api from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { LoggerProvider, type LogRecordProcessor, type ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { TracerProvider, type ReadableSpan, type SpanProcessor } from '@opentelemetry/sdk-trace';
import type { Check } from './check.js';

const spans: ReadableSpan[] = [];
const records: ReadableLogRecord[] = [];
const idle = { forceFlush: () => Promise.resolve(), shutdown: () => Promise.resolve() };
const spanProcessor: SpanProcessor = {
  ...idle,
  onStart: () => undefined,
  onEnd: (span) => {
    spans.push(span);
  },
};
const logProcessor: LogRecordProcessor = {
  ...idle,
  onEmit: (record) => {
    records.push(record);
  },
};

/** Where SDK 2.x registers its loggers; SDK 3.x does so in the API itself. */
const API_LOGS: string = '@opentelemetry/api-logs';
let registered: Promise<void>;

export const neighbourModules: DynamicModule[] = [];
export const databaseOptions: Partial<TypeOrmModuleAsyncOptions> = {};

export const neighbourChecks: readonly Check[] = [
  {
    name: 'the statements of a request are spans of one trace, in which the finding is, too',
    async run({ get, lens }) {
      await registered;
      spans.length = 0;
      assert.equal((await get('lazy')).status, 200);
      await lens.report();
      const statements = spans.filter(({ kind }) => kind === api.SpanKind.CLIENT);
      assert.equal(statements.length, 8);
      const finding = spans.find(({ name }) => name === 'finding n-plus-one');
      assert.equal(finding?.attributes['query_lens.relation'], 'Author.books');
      const traces = new Set([...statements, finding].map((span) => span?.spanContext().traceId));
      assert.equal(traces.size, 1);
      const root = spans.find(({ name }) => name.startsWith('GET '));
      assert.ok(statements.every((span) => span.parentSpanContext?.spanId === root?.spanContext().spanId));
    },
  },
  {
    name: 'what is wrong is a log record, in the span that it is about',
    async run({ get, lens }) {
      spans.length = records.length = 0;
      assert.equal((await get('broken')).status, 500);
      await lens.report();
      const failed = spans.find(({ status }) => status.code === api.SpanStatusCode.ERROR);
      const record = records.find(({ attributes }) => attributes['exception.type'] !== undefined);
      assert.ok(failed);
      assert.equal(record?.spanContext?.spanId, failed.spanContext().spanId);
      assert.equal(record.eventName, 'db.client.operation.exception');
    },
  },
];

export const closedChecks: readonly Check[] = [];

export function prepareNeighbours(): void {
  api.trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [spanProcessor] }));
  api.context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const provider = new LoggerProvider({ processors: [logProcessor] });
  const setProvider = ({ logs }: any) => void logs.setGlobalLoggerProvider(provider);
  registered = import(API_LOGS).then(setProvider, () => {
    setProvider(api);
  });
}

export function configureNeighbours(_app: INestApplication): void {
  return;
}
