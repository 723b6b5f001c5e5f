import type { AnalysedUnit } from '../analysis/detector.js';
import type { AnalysedQuery } from '../analysis/relation-load.js';
import { BoundedMap } from '../statistics/bounded-map.js';
import { investigationKey } from './investigation.js';

/** Statements whose text is kept to explain it; the longest that are. */
export const MAX_SAMPLES = 500;
export const MAX_SAMPLE_LENGTH = 8_192;
/** More values than that are not kept by capture, and long strings are cut: such a call cannot be explained with them. */
const MAX_VALUES = 32;
const MAX_STRING = 256;

/** One statement as it was sent. Stays in memory, is never shown. */
export interface StatementSample {
  readonly text: string;
  /** Of the slowest call, where they may be kept and are whole. */
  values?: readonly unknown[];
  slowestMs: number;
  lastSeen: number;
}

/** Texts of statements as they were sent, so that they can be explained later: the statistics know normalised ones only. */
export class StatementSamples {
  private readonly samples = new BoundedMap<StatementSample>(MAX_SAMPLES);

  constructor(private readonly keepsValues: boolean) {}

  add({ unit, queries }: AnalysedUnit): void {
    if (unit.kind === 'bootstrap') return;
    for (const query of queries) if (isKept(query)) this.addQuery(query, unit.startedAt);
  }

  get(key: string): StatementSample | undefined {
    return this.samples.get(key);
  }

  clear(): void {
    this.samples.clear();
  }

  private addQuery({ record, statement }: AnalysedQuery, at: number): void {
    const key = investigationKey(record.dataSource, statement.fingerprint);
    const sample = this.samples.touch(key, () => ({ text: record.statement, slowestMs: -1, lastSeen: at }));
    sample.lastSeen = Math.max(sample.lastSeen, at);
    if (record.executeMs <= sample.slowestMs) return;
    sample.slowestMs = record.executeMs;
    if (!this.keepsValues) return;
    const { kept, count } = record.values;
    // Values belong to the text of their own call: lists in it may differ in length.
    const isWhole = count === kept.length && count <= MAX_VALUES && kept.every(isWholeValue);
    sample.values = isWhole && sample.text === record.statement ? kept : undefined;
  }
}

const KINDS: ReadonlySet<string> = new Set(['select', 'update', 'delete']);

function isKept({ record, statement }: AnalysedQuery): boolean {
  return (
    KINDS.has(statement.kind) && record.error === undefined && record.statement.length <= MAX_SAMPLE_LENGTH
  );
}

/** Capture writes down buffers, arrays and objects as a digest, which is no value any more. */
function isWholeValue(value: unknown): boolean {
  if (typeof value !== 'string') return true;
  return value.length < MAX_STRING && !/^(?:buffer|array)\(\d+\):|^object:[0-9a-f]{8}$/u.test(value);
}
