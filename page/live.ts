import type { Summary } from '../lib/report/summary.js';
import { eventsUrl, RefusedError, signOut, type Source } from './source.js';

/** What the page knows of the application right now. */
export interface PageSummary extends Summary {
  /** What this reader may do. */
  readonly actions: readonly string[];
  readonly isPaused?: boolean;
  /** Whether advice on loading can be tried: see `verifyAdvice`. */
  readonly verifiesLoading?: boolean;
  /** Whether the page was opened with a token, and can be closed again. */
  readonly hasSession?: boolean;
}

export type LiveState = 'connecting' | 'live' | 'frozen' | 'lost' | 'file' | 'refused';

export interface LiveSnapshot {
  readonly state: LiveState;
  readonly summary?: PageSummary;
  /** Why there is none. */
  readonly error?: string;
  /** Grows whenever there is something new to ask for. */
  readonly version: number;
}

/** Keeps the summary up to date by server-sent events, and tells the views when to ask again. */
export class Live {
  private snapshot: LiveSnapshot = { state: 'connecting', version: 0 };
  private readonly listeners = new Set<() => void>();
  private events: EventSource | undefined;

  constructor(private readonly source: Source) {}

  get current(): LiveSnapshot {
    return this.snapshot;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Asks once; follows the application unless the reader has frozen the page. */
  async start(): Promise<void> {
    try {
      const summary = (await this.source.load('summary')) as PageSummary;
      this.update({ summary, state: this.source.isLive ? 'connecting' : 'file', error: undefined });
      if (this.source.isLive) this.listen();
    } catch (error) {
      if (error instanceof RefusedError) this.update({ state: 'refused' });
      else this.update({ state: 'lost', error: (error as Error).message });
    }
  }

  freeze(): void {
    this.events?.close();
    this.update({ state: 'frozen' });
  }

  /** Something was done: what the views show is old. */
  async refresh(): Promise<void> {
    const summary = (await this.source.load('summary')) as PageSummary;
    this.update({ summary });
  }

  /** Ends the session of this browser: the page asks for the token again. */
  async signOut(): Promise<void> {
    await signOut();
    this.events?.close();
    this.update({ state: 'refused', summary: undefined });
  }

  private listen(): void {
    this.events?.close();
    const events = new EventSource(eventsUrl());
    this.events = events;
    events.addEventListener('open', () => {
      this.update({ state: 'live' }, false);
    });
    events.addEventListener('summary', ({ data }: MessageEvent<string>) => {
      this.update({ state: 'live', summary: JSON.parse(data) as PageSummary });
    });
    events.addEventListener('error', () => {
      if (this.snapshot.state !== 'frozen') this.update({ state: 'lost' }, false);
      // The browser tries again by itself unless it was refused.
      if (events.readyState === EventSource.CLOSED) setTimeout(() => void this.start(), RETRY_MS);
    });
  }

  private update(change: Partial<LiveSnapshot>, isNews = true): void {
    this.snapshot = { ...this.snapshot, ...change, version: this.snapshot.version + (isNews ? 1 : 0) };
    for (const listener of this.listeners) listener();
  }
}

const RETRY_MS = 5_000;
