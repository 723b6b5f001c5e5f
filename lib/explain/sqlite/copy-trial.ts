import { TrialRefused } from '../../investigation/explainer.js';
import { indexTarget, type IndexDefinition } from '../../investigation/index-definition.js';
import type { SendQuery, SqlSession } from '../../investigation/sql-session.js';
import type { TableFacts } from '../../investigation/table-facts.js';
import { distinctValues } from '../distinct-values.js';
import { sampleRows, type SampledRows } from './sample-rows.js';
import { RELOAD_STATISTICS } from './schema-copy.js';

/** An index in the copy, with what ANALYZE would have found out. */
export interface CopiedIndex {
  readonly name: string;
  /** As a line of `sqlite_stat1`. */
  readonly rows: readonly number[];
  readonly bytes: number;
}

/** What an entry takes besides its values: a header, a rowid, its share of the page. */
const ENTRY_BYTES = 10;

/**
 * Makes indexes in the empty copy of a schema. Statistics of an index that was never built are made from some hundred rows
 * of the real table: without them SQLite takes any index for a good one.
 */
export class CopyTrial {
  readonly trial = {
    how: 'an index in an empty copy of the schema, its statistics made from a sample of rows; SQLite tells no costs',
    isBuilt: false,
  } as const;

  private readonly samples = new Map<string, Promise<SampledRows>>();

  constructor(private readonly session: SqlSession) {}

  /** In the copy, until {@link CopyTrial.forget}. */
  async create(
    query: SendQuery,
    indexes: readonly IndexDefinition[],
    factsOf: (index: IndexDefinition) => TableFacts | undefined,
  ): Promise<readonly CopiedIndex[]> {
    const created: CopiedIndex[] = [];
    for (const [at, index] of indexes.entries()) {
      const facts = factsOf(index);
      if (facts === undefined) throw new TrialRefused(`${index.table.name} is no table of the schema.`);
      const copied = { name: nameOf(at), ...(await this.statistics(index, facts)) };
      await query(`CREATE INDEX ${copied.name} ${indexTarget(index)}`);
      await query('INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)', [
        index.table.name,
        copied.name,
        copied.rows.join(' '),
      ]);
      created.push(copied);
    }
    await query(RELOAD_STATISTICS);
    return created;
  }

  /** SQLite forgets the statistics with the index. */
  async forget(query: SendQuery, indexes: readonly IndexDefinition[]): Promise<void> {
    for (const at of indexes.keys()) await query(`DROP INDEX IF EXISTS ${nameOf(at)}`);
    await query(RELOAD_STATISTICS);
  }

  private async statistics(
    { table: { name }, columns, where }: IndexDefinition,
    facts: TableFacts,
  ): Promise<Omit<CopiedIndex, 'name'>> {
    const test = NULL_TEST.exec(where ?? '');
    const tested = test?.[1]?.replaceAll('""', '"');
    const keys = columns.map(({ column }) => column);
    const all = await this.sample(name, [...keys, ...(tested === undefined ? [] : [tested])]);
    if (all.length === 0) throw new TrialRefused(`${name} gives no sample of its rows.`);
    const isIn = (row: readonly unknown[]): boolean =>
      tested === undefined || (row[keys.length] === null) === (test?.[2] === undefined);
    const sample = all.filter(isIn);
    const rows = Math.max(1, Math.round((facts.rows * Math.max(1, sample.length)) / all.length));
    const perValue = keys.map((_, at) => {
      const prefixes = sample.map((row) => JSON.stringify(row.slice(0, at + 1).map(String)));
      return Math.max(1, Math.round(rows / (distinctValues(prefixes, rows) ?? rows)));
    });
    const width = sample.reduce((sum, row) => sum + row.slice(0, keys.length).reduce(addBytes, 0), 0);
    const entry = width / Math.max(1, sample.length) + ENTRY_BYTES;
    return { rows: [rows, ...perValue], bytes: Math.round(rows * entry) };
  }

  private sample(table: string, columns: readonly string[]): Promise<SampledRows> {
    const key = JSON.stringify([table, ...columns]);
    const known = this.samples.get(key);
    if (known !== undefined) return known;
    // A table without rowid cannot be sampled.
    const sample = this.session.use((query) => sampleRows(query, table, columns)).catch(() => []);
    this.samples.set(key, sample);
    return sample;
  }
}

const NULL_TEST = /^"((?:[^"]|"")+)" IS (NOT )?NULL$/u;

function nameOf(at: number): string {
  return `query_lens_trial_${at}`;
}

function addBytes(sum: number, value: unknown): number {
  if (typeof value === 'string') return sum + Buffer.byteLength(value);
  return sum + (value === null ? 0 : value instanceof Uint8Array ? value.byteLength : NUMBER_BYTES);
}

const NUMBER_BYTES = 4;
