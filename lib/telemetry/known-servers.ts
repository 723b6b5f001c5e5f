import type { Attributes } from '@opentelemetry/api';
import type { DatabaseTarget, StatementStart } from '../record/live-tracer.js';
import { commonAttributes } from './statement-shapes.js';

/** Data sources whose server log records name. */
const MAX_DATA_SOURCES = 100;

/** Which server each data source asks, as its statements say. */
export class KnownServers {
  private readonly targets = new Map<string, DatabaseTarget>();

  note({ dataSource, target }: StatementStart): void {
    if (!this.targets.has(dataSource) && this.targets.size < MAX_DATA_SOURCES)
      this.targets.set(dataSource, target);
  }

  /** Of a data source, by name: what each of its spans says. */
  readonly attributesOf = (dataSource: string): Attributes => {
    const target = this.targets.get(dataSource);
    return target === undefined ? {} : commonAttributes(target);
  };
}
