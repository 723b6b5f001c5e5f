import { PostgresExplainer } from '../explain/postgres/postgres-explainer.js';
import type { Explained, ExplainableStatement, Explainer, Trial } from '../investigation/explainer.js';
import type { IndexDefinition, TableName } from '../investigation/index-definition.js';
import type { TableFacts } from '../investigation/table-facts.js';
import type { ProductionTable } from './production-statistics.js';
import type { ShadowDatabase } from './shadow-database.js';
import { ShadowIndexes } from './shadow-indexes.js';

/** Explains as production would, from its schema and statistics alone. */
export class ShadowExplainer implements Explainer {
  readonly database = 'postgres';

  private constructor(
    private readonly shadow: ShadowDatabase,
    private readonly postgres: PostgresExplainer,
  ) {}

  /** For a shadow that was just opened. */
  static async open(shadow: ShadowDatabase, statementTimeoutMs: number): Promise<ShadowExplainer> {
    const options = { statementTimeoutMs, analyze: false, trialIndexes: true };
    return new ShadowExplainer(
      shadow,
      await PostgresExplainer.open(shadow, options, new ShadowIndexes(shadow)),
    );
  }

  get untried(): string {
    return this.postgres.untried;
  }

  get trial(): Trial | undefined {
    return this.postgres.trial;
  }

  /** @throws Error where the statement reads a table that could not be rebuilt */
  async explain(statement: ExplainableStatement, indexes?: readonly IndexDefinition[]): Promise<Explained> {
    const explained = await this.postgres.explain(statement, indexes);
    const missing = explained.tables.flatMap(
      ({ schema, name }) =>
        this.shadow.notRebuilt.find(({ table }) => table === `${schema ?? ''}.${name}`) ?? [],
    );
    const [first] = missing;
    if (first !== undefined) throw new Error(`${first.subject} could not be rebuilt: ${first.reason}`);
    return explained;
  }

  /** Its catalogs say how large everything is in production; how much it is used there, they cannot know. */
  async facts(tables: readonly TableName[]): Promise<readonly TableFacts[]> {
    const facts = await this.postgres.facts(tables);
    return facts.map((own) => {
      const [production] = this.shadow.tablesNamed([own.table]);
      return production === undefined ? own : withUse(own, production);
    });
  }
}

function withUse(
  { writes: _, ...facts }: TableFacts,
  { rows, writes, indexes }: ProductionTable,
): TableFacts {
  return {
    ...facts,
    rows: Math.max(0, rows),
    ...(writes === undefined ? {} : { writes }),
    indexes: facts.indexes.map(({ scans: _scans, ...index }) => {
      const { scans, isPrimary = index.isPrimary } = indexes.find(({ name }) => name === index.name) ?? {};
      return { ...index, isPrimary, ...(scans === undefined ? {} : { scans }) };
    }),
  };
}
