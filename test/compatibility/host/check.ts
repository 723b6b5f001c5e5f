import type { RunningHost } from './running-host.js';

/** One promise, checked against a running application. */
export interface Check {
  readonly name: string;
  run(host: RunningHost): Promise<void>;
}
