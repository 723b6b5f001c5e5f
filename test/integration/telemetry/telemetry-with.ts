import { DEFAULT_TELEMETRY, type TelemetryOptions } from '../../../lib/telemetry/telemetry-options.js';
import { Telemetry, type TelemetryPorts } from '../../../lib/telemetry/telemetry.js';

/** The default options but for these, and call sites that are not looked up unless a test wants them. */
export function telemetryWith(
  options: Partial<TelemetryOptions> = {},
  ports: Partial<TelemetryPorts> = {},
): Telemetry {
  const all = { ...DEFAULT_TELEMETRY, ...options };
  return new Telemetry(
    { options: all, locate: () => undefined, slowQueryMs: 500, pools: () => [], ...ports },
    '1.2.3',
  );
}
