import { withTrace, type Log } from './log.js';
import { activeTraceId } from './telemetry/active-trace-id.js';

/** A log whose lines say in which trace they were written. */
export function tracedLog(log: Log): { readonly log: (line: string) => void } {
  return {
    log: (line) => {
      log.log(withTrace(line, activeTraceId()));
    },
  };
}
