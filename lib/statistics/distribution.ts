import { LogCollapsingLowestDenseDDSketch } from '@datadog/sketches-js';

/** So many values are kept as they are; most statements of an application never reach it. */
const EXACT_VALUES = 12;
const GREATEST = 1e12;

/** How exact a {@link Distribution} is, and how much memory it may take: 8 bytes for each bin. */
export interface Precision {
  /** Of a percentile to its true value, 0 to 1. */
  readonly relativeError: number;
  /** Bins span a factor of exp(2 x error x bins) below the greatest value; what is smaller shares the lowest bin. */
  readonly maxBins: number;
}

/** Spans a factor of 1,100. */
export const FINE: Precision = { relativeError: 0.01, maxBins: 352 };
/** Spans a factor of 14,000 in a third of the memory. */
export const COARSE: Precision = { relativeError: 0.05, maxBins: 96 };
/** Bins are added in such steps. */
const CHUNK = 32;

/** Percentiles, greatest value and mean of a stream of numbers. */
export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/**
 * A mergeable distribution of non-negative numbers in bounded memory: exact for the first few, then a DDSketch.
 * Negative numbers and NaN count as zero, because a clock that went back must not break the host.
 *
 * The quantile q of n values is the one at rank floor(q (n - 1)), in both forms: with few values a high percentile leans
 * to the lower side, so that one odd call does not look like a habit.
 */
export class Distribution {
  count = 0;
  sum = 0;
  max = 0;
  private min = GREATEST;
  private zeros = 0;
  private exact: number[] = [];
  private sketch?: LogCollapsingLowestDenseDDSketch;
  private bins?: number[];
  private binCount = 0;

  constructor(readonly precision: Precision = FINE) {}

  add(value: number, weight = 1): void {
    if (!(weight >= 1)) return;
    const number = value > 0 ? Math.min(value, GREATEST) : 0;
    this.count += weight;
    this.sum += number * weight;
    this.max = Math.max(this.max, number);
    this.min = Math.min(this.min, number);
    this.keep(number, weight);
  }

  merge(other: Distribution): void {
    this.count += other.count;
    this.sum += other.sum;
    this.max = Math.max(this.max, other.max);
    this.min = Math.min(this.min, other.min);
    this.zeros += other.zeros;
    for (const value of other.exact) this.keep(value, 1);
    other.eachBin((value, weight) => {
      this.keep(value, weight);
    });
  }

  /** The value that the share `q` (0 to 1) of all values does not exceed; 0 where there is none. */
  quantile(q: number): number {
    const rank = Math.floor(q * (this.count - 1)) - this.zeros;
    if (rank < 0) return 0;
    return Math.min(
      this.max,
      Math.max(this.min, this.sketch === undefined ? this.exactAt(rank) : this.sketchAt(rank)),
    );
  }

  get mean(): number {
    return this.count === 0 ? 0 : this.sum / this.count;
  }

  percentiles(): Percentiles {
    return { p50: this.quantile(0.5), p95: this.quantile(0.95), p99: this.quantile(0.99), max: this.max };
  }

  private keep(value: number, weight: number): void {
    if (value === 0) this.zeros += weight;
    else if (this.sketch === undefined && this.exact.length + weight <= EXACT_VALUES)
      this.keepExact(value, weight);
    else this.accept(this.sketch ?? this.startSketch(), value, weight);
  }

  private keepExact(value: number, weight: number): void {
    for (let i = 0; i < weight; i++) this.exact.push(value);
  }

  /** The sketch leaves its bins with spare capacity whenever their range changes; a copy has none. */
  private accept(sketch: LogCollapsingLowestDenseDDSketch, value: number, weight: number): void {
    sketch.accept(value, weight);
    const { bins } = sketch.store;
    if (bins === this.bins && bins.length === this.binCount) return;
    this.bins = bins.slice();
    this.binCount = bins.length;
    sketch.store.bins = this.bins;
  }

  private startSketch(): LogCollapsingLowestDenseDDSketch {
    const sketch = sketchOf(this.precision);
    for (const value of this.exact) this.accept(sketch, value, 1);
    this.exact = [];
    this.sketch = sketch;
    return sketch;
  }

  private exactAt(rank: number): number {
    return [...this.exact].sort((a, b) => a - b)[rank] ?? 0;
  }

  private sketchAt(rank: number): number {
    const { store, mapping } = this.sketch as LogCollapsingLowestDenseDDSketch;
    return mapping.value(store.keyAtRank(rank));
  }

  /** Not the sketch's own merge: version 2.1 loses counts where the greatest key is 0, that is a maximum of about 1. */
  private eachBin(visit: (value: number, weight: number) => void): void {
    if (this.sketch === undefined) return;
    const { store, mapping } = this.sketch;
    store.bins.forEach((weight, index) => {
      if (weight > 0) visit(mapping.value(index + store.offset), weight);
    });
  }
}

/** Sketches of one precision share what never changes: the mapping, and the store for negative numbers, which stays empty. */
const TEMPLATES = new Map([FINE, COARSE].map((precision) => [precision, emptySketch(precision)]));

function sketchOf(precision: Precision): LogCollapsingLowestDenseDDSketch {
  const sketch = emptySketch(precision);
  const template = TEMPLATES.get(precision) ?? sketch;
  sketch.mapping = template.mapping;
  sketch.negativeStore = template.negativeStore;
  return sketch;
}

function emptySketch({ relativeError, maxBins }: Precision): LogCollapsingLowestDenseDDSketch {
  const sketch = new LogCollapsingLowestDenseDDSketch({ relativeAccuracy: relativeError, binLimit: maxBins });
  sketch.store.chunkSize = CHUNK;
  return sketch;
}
