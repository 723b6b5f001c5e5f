/** How often something may be done: `burst` times at once, then `perSecond`. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

/** Askers that are remembered; the one that has been silent longest gives way. */
const MAX_ASKERS = 1_000;

/** Token buckets, one for each asker. */
export class TokenBuckets {
  private readonly buckets = new Map<string, Bucket>();

  constructor(private readonly rate: Rate) {}

  /** Takes one token; false when there is none. */
  take(asker: string, nowMs: number): boolean {
    const bucket = this.fill(asker, nowMs);
    if (bucket.tokens < 1) return false;
    bucket.tokens--;
    return true;
  }

  /** Whether a token is left. */
  hasLeft(asker: string, nowMs: number): boolean {
    return this.fill(asker, nowMs).tokens >= 1;
  }

  private fill(asker: string, nowMs: number): Bucket {
    const { burst, perSecond } = this.rate;
    const { tokens, atMs } = this.buckets.get(asker) ?? { tokens: burst, atMs: nowMs };
    const seconds = Math.max(0, nowMs - atMs) / 1_000;
    const bucket = { tokens: Math.min(burst, tokens + seconds * perSecond), atMs: nowMs };
    this.buckets.delete(asker);
    this.buckets.set(asker, bucket);
    this.forget();
    return bucket;
  }

  private forget(): void {
    const [oldest] = this.buckets.keys();
    if (this.buckets.size > MAX_ASKERS && oldest !== undefined) this.buckets.delete(oldest);
  }
}
