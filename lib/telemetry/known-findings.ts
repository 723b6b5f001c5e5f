import type { Attributes } from '@opentelemetry/api';
import type { Finding, FindingKind } from '../analysis/finding.js';
import { keepLatest } from '../record/keep-latest.js';
import { OWN } from './semconv.js';

/** Statements that are remembered, values aside; those that were found last. */
const MAX_FINGERPRINTS = 500;
/** Routes and data sources that one of them is remembered of, and findings of each such place. */
const MAX_PLACES = 20;
const MAX_FINDINGS = 20;
/** A finding that has not been seen for so long is forgotten, in milliseconds. */
const REMEMBERED_MS = 3_600_000;

/** A statement, values aside, on one route. */
interface StatementPlace {
  readonly dataSource: string;
  readonly route: string;
}

/** What earlier units of work showed of one statement on one route. */
export class KnownPlace implements StatementPlace {
  readonly dataSource: string;
  readonly route: string;
  /** By what tells one finding from the others. */
  private readonly seen = new Map<string, { readonly kind: FindingKind; readonly lastMs: number }>();
  private kinds: readonly FindingKind[] = [];
  private marked = new WeakMap<Attributes, Attributes>();
  private lastMs = 0;

  constructor({ dataSource, route }: StatementPlace) {
    this.dataSource = dataSource;
    this.route = route;
  }

  /** Of how many findings the statement is a part. */
  get findings(): number {
    return this.seen.size;
  }

  isOpen(nowMs: number): boolean {
    return nowMs - this.lastMs <= REMEMBERED_MS;
  }

  see({ kind, relation = '' }: Finding, nowMs: number): void {
    this.lastMs = nowMs;
    for (const [key, { lastMs }] of this.seen) if (nowMs - lastMs > REMEMBERED_MS) this.seen.delete(key);
    const key = `${kind} ${relation}`;
    if (!this.seen.has(key) && this.seen.size >= MAX_FINDINGS) return;
    this.seen.set(key, { kind, lastMs: nowMs });
    const kinds = [...new Set([...this.seen.values()].map((known) => known.kind))];
    if (kinds.sort().join() === this.kinds.join()) return;
    this.kinds = kinds;
    this.marked = new WeakMap();
  }

  /** The same attributes with the kinds of what was found; the same object for each call. */
  mark(attributes: Attributes): Attributes {
    let marked = this.marked.get(attributes);
    if (marked === undefined)
      this.marked.set(attributes, (marked = { ...attributes, [OWN.findingKinds]: [...this.kinds] }));
    return marked;
  }
}

/**
 * Which statements earlier units of work showed to be part of a finding: that of this unit is made when its spans have ended.
 * Knows findings that one unit proves, without those that the user accepts.
 */
export class KnownFindings {
  private readonly places = new Map<string, KnownPlace[]>();

  /** Costs one look-up where nothing was found. */
  of(
    fingerprint: string,
    { dataSource, clockMs, unit }: { dataSource: string; clockMs: number; unit: { unitName(): string } },
  ): KnownPlace | undefined {
    const places = this.places.get(fingerprint);
    if (places === undefined) return undefined;
    const route = unit.unitName();
    const place = places.find((known) => known.route === route && known.dataSource === dataSource);
    return place?.isOpen(clockMs) === true ? place : undefined;
  }

  /** `nowMs` is of the monotonic clock, as that of statements. */
  learn(findings: readonly Finding[], nowMs: number): void {
    for (const finding of findings) {
      const { statement } = finding;
      if (statement !== undefined) this.placeOf(statement.fingerprint, finding).see(finding, nowMs);
    }
  }

  forget(): void {
    this.places.clear();
  }

  private placeOf(fingerprint: string, of: StatementPlace): KnownPlace {
    const places = this.places.get(fingerprint) ?? [];
    const known = places.find(({ route, dataSource }) => route === of.route && dataSource === of.dataSource);
    const place = known ?? new KnownPlace(of);
    // What was found last comes last, here and among the statements.
    const others = places.filter((other) => other !== place).slice(1 - MAX_PLACES);
    keepLatest(this.places, fingerprint, [...others, place], MAX_FINGERPRINTS);
    return place;
  }
}
