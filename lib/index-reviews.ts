import { existingIndexFindings } from './investigation/existing-index-findings.js';
import { deletedKeys, seenDeletes, walkedKeys } from './investigation/key-searches.js';
import { missingKeys, searchedTables, servesKey, type SearchedTable } from './investigation/missing-keys.js';
import type { IndexDefinition } from './investigation/index-definition.js';
import type { TableFacts } from './investigation/table-facts.js';
import type { SchemaModel } from './record/schema-model.js';
import type { Explainer } from './investigation/explainer.js';
import { schemaTables } from './investigation/schema-tables.js';
import type { InvestigationPorts } from './investigation-ports.js';
import type { SeenFinding } from './statistics/slow-query-findings.js';

/** Tables whose indexes are looked at, of one data source. */
const MAX_TABLES = 500;
/** Tables that are asked for at once: each request is a transaction, maybe on a connection that is borrowed. */
const TABLES_AT_ONCE = 20;

type ReviewPorts = Pick<InvestigationPorts, 'thresholds' | 'statistics' | 'schemas' | 'now' | 'failed'>;

/** Looks at the indexes that exist, of each data source once an hour at most, and keeps what was found in them. */
export class IndexReviews {
  private readonly startedAt = new Map<string, number>();
  private readonly wanted = new Map<string, readonly IndexDefinition[]>();
  private readonly found = new Map<string, readonly SeenFinding[]>();

  constructor(private readonly ports: ReviewPorts) {}

  /** Data sources that ran statements and whose indexes were not looked at lately. */
  due(staleMs: number): readonly string[] {
    const { statistics, schemas, now } = this.ports;
    const used = new Set([...statistics.statements.values()].map(({ dataSource }) => dataSource));
    return [...schemas().keys()].filter((name) => {
      const startedAt = this.startedAt.get(name);
      return used.has(name) && (startedAt === undefined || now() - startedAt >= staleMs);
    });
  }

  /** A data source that cannot be reached is not asked again until it is due. */
  started(dataSource: string): void {
    this.startedAt.set(dataSource, this.ports.now());
  }

  /** What was advised for slow statements: foreign keys that are served by it are not told again. */
  advised(dataSource: string, indexes: readonly IndexDefinition[]): void {
    this.wanted.set(dataSource, indexes);
  }

  /** Never rejects: what was found before stays where the database refuses. */
  async review(explainer: Explainer, dataSource: string): Promise<void> {
    const { schemas, thresholds, now, failed } = this.ports;
    const schema = schemas().get(dataSource);
    if (schema === undefined) return;
    const context = { database: explainer.database, schema, at: now() };
    const tables = schemaTables(schema).slice(0, MAX_TABLES);
    try {
      const all: TableFacts[] = [];
      for (let from = 0; from < tables.length; from += TABLES_AT_ONCE)
        all.push(...(await explainer.facts(tables.slice(from, from + TABLES_AT_ONCE))));
      const findings = all.flatMap((facts) => existingIndexFindings(facts, dataSource, thresholds, context));
      this.keep(dataSource, findings);
      const keys = await missingKeys(explainer, this.searches(all, dataSource, schema), dataSource, context);
      findings.push(...keys);
      this.keep(dataSource, findings);
    } catch (error) {
      failed('looking at indexes', error);
    }
  }

  private searches(
    all: readonly TableFacts[],
    dataSource: string,
    schema: SchemaModel,
  ): readonly SearchedTable[] {
    const { statistics } = this.ports;
    const deletes = seenDeletes(statistics, dataSource);
    const walked = walkedKeys(statistics, dataSource, schema);
    return searchedTables(all, [...walked, ...all.flatMap((facts) => deletedKeys(facts, deletes))]).filter(
      ({ search }) => !(this.wanted.get(dataSource) ?? []).some((index) => servesKey(index, search)),
    );
  }

  get findings(): readonly SeenFinding[] {
    return [...this.found.values()].flat();
  }

  reset(): void {
    this.startedAt.clear();
    this.found.clear();
    this.wanted.clear();
  }

  /** What was there before is not new. */
  private keep(dataSource: string, findings: readonly SeenFinding[]): void {
    const before = new Map(this.found.get(dataSource)?.map(({ id, firstSeen }) => [id, firstSeen]));
    this.found.set(
      dataSource,
      findings.map((seen) => ({ ...seen, firstSeen: before.get(seen.id) ?? seen.firstSeen })),
    );
  }
}
