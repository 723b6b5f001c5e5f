import { logs } from '@opentelemetry/api-logs';
import { ProtobufLogsSerializer } from '@opentelemetry/otlp-transformer';
import { LoggerProvider, type LogRecordProcessor, type ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { attributesOf, type OtlpReceiver, type Value } from './otlp-receiver.js';

/** One exported log record, as its bytes say. */
export interface ReceivedLog {
  readonly scope: string;
  readonly eventName: string;
  readonly severity: string;
  readonly severityNumber: number;
  readonly body: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Nanoseconds since the epoch. */
  readonly time: bigint;
  readonly attributes: Readonly<Record<string, Value>>;
}

/** The logs of an SDK 2.x as an application registers it. */
export class ExportingLogs {
  private readonly emitted: ReadableLogRecord[] = [];
  private readonly provider: LoggerProvider;
  failing = false;

  constructor(private readonly receiver: OtlpReceiver) {
    this.provider = new LoggerProvider({ processors: [this.collect] });
    logs.setGlobalLoggerProvider(this.provider);
  }

  /** In one batch when it is asked for: the SDK's own processors send when they like. */
  private readonly collect: LogRecordProcessor = {
    onEmit: (record) => {
      if (this.failing) throw new Error('no more log records');
      this.emitted.push(record);
    },
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };

  async exported(): Promise<readonly ReceivedLog[]> {
    const batch = this.emitted.splice(0);
    const body = ProtobufLogsSerializer.serializeRequest(batch);
    if (batch.length > 0 && body !== undefined)
      await fetch(`${this.receiver.url}/v1/logs`, { method: 'POST', body: Buffer.from(body) });
    return this.receiver.logs.splice(0).map(received);
  }

  async stop(): Promise<void> {
    logs.disable();
    await this.provider.shutdown();
  }
}

function received(record: any): ReceivedLog {
  return {
    scope: record.scope,
    // Field 12, which came after the definitions that decode it here.
    eventName: record.eventName ?? '',
    severity: record.severityText,
    severityNumber: record.severityNumber,
    body: record.body?.stringValue,
    traceId: Buffer.from(record.traceId ?? []).toString('hex'),
    spanId: Buffer.from(record.spanId ?? []).toString('hex'),
    time: BigInt(record.timeUnixNano.toString()),
    attributes: attributesOf(record.attributes),
  };
}
