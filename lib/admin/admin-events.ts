import { Observable, type Subscriber } from 'rxjs';

/** One server-sent event, as Nest writes it. */
export interface AdminEvent {
  readonly type: string;
  readonly data: object;
}

/** How often is looked for news, and how often something is said so that proxies keep the connection. */
const LOOK_MS = 1_000;
const SAY_MS = 15_000;
/** A summary of a large application takes time of its thread: at least so many times as long is nothing done. */
const REST_FACTOR = 20;
const HANG_UP_MS = 50;
/** Pages that are followed at once. */
const MAX_FOLLOWERS = 20;

/** What the events are made of. */
export interface AdminEventSource {
  /** Another text when there is something new. Cheap. */
  revision(): string;
  summary(): Promise<object>;
}

/** Tells open pages that there is something new: one summary for all of them, and nothing at all while nobody looks. */
export class AdminEvents {
  /** With what ends the connection of each. */
  private readonly followers = new Map<Subscriber<AdminEvent>, () => void>();
  private timer: NodeJS.Timeout | undefined;
  private told = '';
  private saidMs = 0;
  private isAsking = false;
  private restUntilMs = 0;

  constructor(private readonly source: AdminEventSource) {}

  get isFull(): boolean {
    return this.followers.size >= MAX_FOLLOWERS;
  }

  /** `hangUp` ends the connection: kept alive for a next request, it would keep an application from closing. */
  follow(hangUp: () => void): Observable<AdminEvent> {
    return new Observable((follower) => {
      this.followers.set(follower, hangUp);
      this.timer ??= this.start();
      follower.next({ type: 'hello', data: {} });
      return () => {
        this.followers.delete(follower);
        if (this.followers.size === 0) this.stop();
      };
    });
  }

  /** Ends every connection: the application is closing. */
  close(): void {
    for (const [follower, hangUp] of [...this.followers]) {
      follower.complete();
      // Not at once: the end of the stream is still to be written.
      setTimeout(hangUp, HANG_UP_MS).unref();
    }
    this.stop();
  }

  private start(): NodeJS.Timeout {
    this.told = this.source.revision();
    return setInterval(() => void this.look(), LOOK_MS).unref();
  }

  private stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private async look(): Promise<void> {
    const revision = this.source.revision();
    if (revision === this.told || this.isAsking || Date.now() < this.restUntilMs) {
      this.keepOpen();
      return;
    }
    this.isAsking = true;
    const startedMs = Date.now();
    try {
      const data = await this.source.summary();
      this.told = revision;
      this.tell({ type: 'summary', data });
    } catch {
      // The next look tries again; the page shows what it has.
    } finally {
      this.isAsking = false;
      this.restUntilMs = Date.now() + REST_FACTOR * (Date.now() - startedMs);
    }
  }

  private keepOpen(): void {
    if (Date.now() - this.saidMs > SAY_MS) this.tell({ type: 'hello', data: {} });
  }

  private tell(event: AdminEvent): void {
    this.saidMs = Date.now();
    for (const follower of [...this.followers.keys()]) follower.next(event);
  }
}
