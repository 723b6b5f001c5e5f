import { DEFAULT_UNIT_LIMITS } from '../record/unit-limits.js';
import type { EndedRecording } from './running-unit.js';
import type { UnitContextPorts } from './unit-context-ports.js';

/** What ended before the application was ready to take it. */
const MAX_EARLY = 20;

/** Stands in until the module's options are known: data sources may be opened before. Keeps the first few of everything. */
export class EarlyPorts implements UnitContextPorts {
  readonly limits = DEFAULT_UNIT_LIMITS;
  private readonly recordings: EndedRecording[] = [];
  private readonly dataSources: [object, string?][] = [];

  traceId(): undefined {
    return undefined;
  }

  ended(recording: EndedRecording): void {
    if (this.recordings.length < MAX_EARLY) this.recordings.push(recording);
  }

  opened(...opened: [object, string?]): void {
    if (this.dataSources.length < MAX_EARLY) this.dataSources.push(opened);
  }

  failed(): void {
    return;
  }

  /** The application is ready. */
  handOver(ports: UnitContextPorts): void {
    for (const recording of this.recordings.splice(0)) ports.ended(recording);
    for (const opened of this.dataSources.splice(0)) ports.opened?.(...opened);
  }
}
