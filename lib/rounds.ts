/** A queue is looked at that often, in the background. */
const ROUND_MS = 15_000;
const MINUTE_MS = 60_000;

/** When rounds happen by themselves. */
export interface RoundsOptions {
  /** `background`: from time to time; else only when asked. */
  readonly mode: 'background' | 'on-request' | 'off';
  /** Items in a minute, in the background. */
  readonly maxPerMinute: number;
}

/** Work off the request path, a few items a minute, one round after the other. */
export class Rounds {
  isClosed = false;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private isRunning = false;

  constructor(
    private readonly options: RoundsOptions,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** Begins rounds in the background, until the answer is called. The timer does not keep the process alive. */
  start(round: (maxItems: number) => Promise<void>): () => void {
    const { mode, maxPerMinute } = this.options;
    const stop = (): void => {
      this.isClosed = true;
      clearInterval(this.timer);
    };
    if (mode !== 'background' || maxPerMinute <= 0) return stop;
    const perRound = Math.max(1, Math.floor((maxPerMinute * ROUND_MS) / MINUTE_MS));
    const everyMs = Math.max(ROUND_MS, (perRound / maxPerMinute) * MINUTE_MS);
    this.timer = setInterval(() => {
      if (!this.isRunning) void this.run(() => round(perRound));
    }, everyMs);
    this.timer.unref();
    return stop;
  }

  /** Runs it when what runs before has ended. Never rejects. */
  run(round: () => Promise<void>): Promise<void> {
    this.running = this.running.then(async () => {
      this.isRunning = true;
      try {
        await round();
      } catch (error) {
        this.failed(error);
      } finally {
        this.isRunning = false;
      }
    });
    return this.running;
  }
}
