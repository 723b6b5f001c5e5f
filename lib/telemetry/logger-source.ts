import type { Attributes, Context } from '@opentelemetry/api';

/** Of OpenTelemetry's log record, what is used. */
export interface LogRecord {
  readonly eventName: string;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  /** 9 is INFO, 13 WARN, 17 ERROR. */
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: string;
  readonly attributes: Attributes;
  readonly context: Context;
}

/** What takes log records. */
export interface Logger {
  emit(record: LogRecord): void;
}

interface LoggerProvider {
  getLogger(name: string, version: string): Logger;
}

/** Where `@opentelemetry/api-logs` keeps what an SDK 2.x registers, behind the version of that arrangement. */
const API_LOGS = Symbol.for('io.opentelemetry.js.api.logs');
const API_LOGS_VERSION = 1;
/** Where `@opentelemetry/api` 1.10 keeps what an SDK 3.x registers. */
const API = Symbol.for('opentelemetry.js.api.1');

interface Globals {
  readonly [API_LOGS]?: (version: number) => LoggerProvider | undefined;
  readonly [API]?: { readonly logs?: LoggerProvider };
}

/** The logger of the SDK that is registered now. Found where either API keeps it, so that neither has to be installed. */
export class LoggerSource {
  private provider: LoggerProvider | undefined;
  private logger: Logger | undefined;

  constructor(
    private readonly name: string,
    private readonly version: string,
  ) {}

  /** Undefined without one. */
  current(): Logger | undefined {
    const globals = globalThis as Globals;
    const provider = globals[API]?.logs ?? globals[API_LOGS]?.(API_LOGS_VERSION);
    if (provider !== this.provider) {
      this.provider = provider;
      this.logger = provider?.getLogger(this.name, this.version);
    }
    return this.logger;
  }
}
