import type { RecordScope } from '../../record/record-sink.js';
import type { CapturedStack } from '../../record/unit-recorder.js';
import type { Outlet } from './outlet.js';

/** Who asks for a connection, and from where. */
export interface Place {
  readonly outlet: Outlet;
  readonly scope: RecordScope;
  readonly stack: CapturedStack | undefined;
}
