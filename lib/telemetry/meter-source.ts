import { createNoopMeter, metrics, type Meter, type MeterProvider } from '@opentelemetry/api';
import { instrumentsOf } from './instruments.js';
import { MeasurementQueue } from './measurement-queue.js';
import type { PoolMetrics } from './pool-metrics.js';

/** The meter of the SDK that is registered now. Unlike tracers, meters of the API stay dead when the SDK comes later. */
export class MeterSource {
  private provider: MeterProvider | undefined;
  private queue: MeasurementQueue | undefined;
  private pools: PoolMetrics | undefined;

  constructor(
    private readonly name: string,
    private readonly version: string,
    private readonly watchPools: (meter: Meter, collecting: () => void) => PoolMetrics,
  ) {}

  /** What takes measurements; undefined without an SDK. */
  current(): MeasurementQueue | undefined {
    const provider = metrics.getMeterProvider();
    if (provider !== this.provider) {
      this.close();
      this.provider = provider;
      const meter = provider.getMeter(this.name, this.version);
      this.queue = meter === createNoopMeter() ? undefined : this.open(meter);
    }
    return this.queue;
  }

  private open(meter: Meter): MeasurementQueue {
    const queue = new MeasurementQueue(instrumentsOf(meter));
    // An SDK asks the observed before it collects the rest, so what is collected is whole.
    this.pools = this.watchPools(meter, () => {
      queue.flush();
    });
    return queue;
  }

  /** Pools are not looked at any more, and nobody hears when something is collected. */
  close(): void {
    this.pools?.close();
    this.pools = undefined;
    this.queue?.close();
  }
}
