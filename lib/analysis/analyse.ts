import { isAmbient } from '../record/ambient.js';
import type { SchemaModel } from '../record/schema-model.js';
import type { QueryRecord } from '../record/query-record.js';
import type { UnitOfWork } from '../record/unit-of-work.js';
import { dialectOf, type SqlDialect } from '../sql/sql-dialect.js';
import { BatchIndex } from './batch-index.js';
import type { AnalysedUnit } from './detector.js';
import { detectors } from './detectors.js';
import { doubleLoads } from './double-load.js';
import type { Finding } from './finding.js';
import { LoadTree } from './load-tree.js';
import { mayFind } from './may-find.js';
import { cachedParse, type Parse } from './cached-parse.js';
import { inheritCallSites } from './inherit-call-sites.js';
import { relationLoads } from './relation-loads/relation-loads.js';
import { repeatedLoads } from './repeated-load.js';
import { SchemaIndex } from './schema-index.js';
import type { Thresholds } from './thresholds.js';
import { TimeLine } from './time-line.js';
import { unitTraits } from './unit-traits.js';

/** What one unit of work amounts to. */
export interface Analysis {
  readonly analysed: AnalysedUnit;
  readonly findings: readonly Finding[];
}

/** One finished unit in, its findings out. */
export type Analyse = (
  unit: UnitOfWork,
  /** By data source name. */
  schemas: ReadonlyMap<string, SchemaModel>,
  thresholds: Thresholds,
  /** Takes the failure of one detector; without it, the failure is thrown. */
  failed?: (where: string, error: unknown) => void,
) => Analysis;

/**
 * Makes an analyser. It remembers parsed statements and indexed schemas from one unit to the next, nothing else: the
 * same unit gives the same analysis.
 */
export function createAnalyser(parse: Parse = cachedParse()): Analyse {
  const indexes = new WeakMap<SchemaModel, SchemaIndex>();
  const indexOf = (schema: SchemaModel): SchemaIndex => {
    const index = indexes.get(schema) ?? new SchemaIndex(schema);
    indexes.set(schema, index);
    return index;
  };
  return (unit, schemas, thresholds, failed) => {
    const analysed = describe(unit, schemas, parse, indexOf);
    const findings: Finding[] = [];
    const traits = unitTraits(analysed, thresholds);
    for (const kind of kindsFor(unit)) {
      try {
        if (mayFind[kind](traits, thresholds)) findings.push(...detectors[kind](analysed, thresholds));
      } catch (error) {
        if (failed === undefined) throw error;
        failed(`detector ${kind}`, error);
      }
    }
    return { analysed, findings };
  };
}

type Kind = keyof typeof detectors;

const ALL = Object.keys(detectors) as readonly Kind[];
const OF_FAILURES: readonly Kind[] = ['failing-query', 'cache-failure'];

/** What belongs to no request is mixed of parts that have nothing to do with each other: only failures are judged. */
function kindsFor({ kind }: UnitOfWork): readonly Kind[] {
  return isAmbient(kind) ? OF_FAILURES : ALL;
}

function dialectIn(schemas: ReadonlyMap<string, SchemaModel>, { dataSource }: QueryRecord): SqlDialect {
  return dialectOf(schemas.get(dataSource)?.driver ?? '');
}

function describe(
  unit: UnitOfWork,
  schemas: ReadonlyMap<string, SchemaModel>,
  parse: Parse,
  indexOf: (schema: SchemaModel) => SchemaIndex,
): AnalysedUnit {
  const queries = inheritCallSites(
    unit.queries.map((record) => ({
      record,
      statement: parse(record.statement, dialectIn(schemas, record)),
    })),
    unit.loads,
  );
  const tree = new LoadTree(unit, queries);
  const batches = new BatchIndex(unit, tree);
  const schemaOf = (dataSource: string): SchemaIndex | undefined => {
    const schema = schemas.get(dataSource);
    return schema && indexOf(schema);
  };
  const timeLine = new TimeLine(queries, tree, schemaOf);
  const loads = relationLoads(unit, tree, batches, timeLine, schemaOf);
  return {
    unit,
    queries,
    relationLoads: loads,
    repeatedLoads: repeatedLoads(loads, batches),
    doubleLoads: doubleLoads(loads, timeLine),
    tree,
    timeLine,
    batches,
    schemas,
  };
}
