import type { Finding } from '../analysis/finding.js';
import type { Thresholds } from '../analysis/thresholds.js';
import { countText } from '../statistics/count-text.js';
import { findingId } from '../statistics/finding-place.js';
import type { SeenFinding } from '../statistics/slow-query-findings.js';
import { databaseSizeText } from './database-size-text.js';
import { dropIndexCode, rebuildIndexCode } from './drop-index-code.js';
import { declaringEntity } from './declaring-entity.js';
import type { AdviceContext } from './advice-context.js';
import { redundantIndexes, type RedundantIndex } from './redundant-indexes.js';
import type { ExistingIndex, TableFacts } from './table-facts.js';
import { isTableOfTypeorm } from './table-of-typeorm.js';
import { unusedIndexes } from './unused-indexes.js';

/** What a finding about an index is told from. */
interface Subject {
  readonly facts: TableFacts;
  readonly dataSource: string;
  readonly context: AdviceContext;
}

/** What is there in vain: indexes that another one covers, that no statement uses, or that were never finished. */
export function existingIndexFindings(
  facts: TableFacts,
  dataSource: string,
  thresholds: Thresholds,
  context: AdviceContext,
): readonly SeenFinding[] {
  const subject = { facts, dataSource, context };
  const isOwn = !isTableOfTypeorm(facts.table, context.schema);
  const redundant = isOwn ? redundantIndexes(facts) : [];
  const unused = isOwn ? unusedIndexes(facts, thresholds, context.at) : [];
  return [
    ...facts.indexes.filter(({ isBroken }) => isBroken === true).map((index) => brokenIndex(index, subject)),
    ...redundant.map((found) => redundantIndex(found, subject)),
    ...unused
      .filter((index) => !redundant.some((found) => found.index === index))
      .map((index) => unusedIndex(index, subject)),
  ].map((finding) => seenAt(finding, context.at));
}

function redundantIndex({ index, coveredBy }: RedundantIndex, subject: Subject): Finding {
  const { facts, context } = subject;
  const used =
    index.scans === undefined || index.scans === 0 ? '' : ' What searches it now will search that one.';
  return {
    ...base(index, subject),
    kind: 'redundant-index',
    severity: 'info',
    title: `${nameOf(index)} serves nothing that ${nameOf(coveredBy)} does not serve as well`,
    evidence: {
      text: `Same table, method and condition, and the other begins with the same keys.${used} ${sizeText(index, facts)}`,
      facts: { ...figures(index, facts), coveredBy: coveredBy.name },
    },
    advice: { text: removal(index, context), code: dropIndexCode(index, context) },
  };
}

function unusedIndex(index: ExistingIndex, subject: Subject): Finding {
  const { facts, context } = subject;
  const since = dayOf(facts.scansSince ?? context.at);
  return {
    ...base(index, subject),
    kind: 'unused-index',
    severity: 'info',
    title: `${nameOf(index)} has served no statement since ${since}`,
    evidence: {
      text: `The database has counted no scan of it since ${since}, or since it was made if that was later. Scans on replicas are not counted here. ${sizeText(index, facts)}`,
      facts: { ...figures(index, facts), since },
    },
    advice: {
      text: `${removal(index, context)} Look at your replicas first, and at what runs once a month.`,
      code: dropIndexCode(index, context),
    },
  };
}

function brokenIndex(index: ExistingIndex, subject: Subject): Finding {
  const { facts, context } = subject;
  const isLeftOver = /_cc(?:new|old)\d*$/u.test(index.name);
  const hasTwin = facts.indexes.some(
    ({ isValid, isUnique, definition }) =>
      isValid && isUnique === index.isUnique && definition === index.definition,
  );
  const isDropped = isLeftOver || hasTwin;
  return {
    ...base(index, subject),
    kind: 'unused-index',
    severity: 'warning',
    title: `${nameOf(index)} is invalid: no statement can use it`,
    evidence: {
      text: `Building it CONCURRENTLY did not come to its end, and nobody is at work on it. ${sizeText(index, facts)}`,
      facts: { ...figures(index, facts), isInvalid: true },
    },
    advice: isDropped
      ? {
          text: `Drop it: ${isLeftOver ? 'a REINDEX left it behind' : 'there is a valid one like it'}.`,
          code: dropIndexCode(index, context),
        }
      : {
          text: `Build it again, or drop it.${index.isUnique ? ' It is unique: look for rows with equal values first.' : ''}`,
          code: rebuildIndexCode(index, context),
        },
  };
}

function base(
  index: ExistingIndex,
  { dataSource }: Subject,
): Pick<Finding, 'route' | 'dataSource' | 'relation' | 'callSites' | 'cost'> {
  return {
    route: '',
    dataSource,
    relation: `${index.table.name}.${index.name}`,
    callSites: [],
    cost: { statements: 0, rows: 0, timeMs: 0 },
  };
}

/** As if it had been seen once, now: it belongs to no unit of work. */
export function seenAt(finding: Finding, at: number): SeenFinding {
  return { id: findingId(finding), finding, firstSeen: at, lastSeen: at, traceIds: [], occurrences: 1 };
}

/** `IDX_flights_originId on flights (originId)` */
function nameOf({ name, table, columns }: ExistingIndex): string {
  return `${name} on ${table.name} (${columns.map((column) => column ?? 'expression').join(', ')})`;
}

function removal(index: ExistingIndex, { schema }: AdviceContext): string {
  const declared = declaringEntity(index, schema);
  if (declared === undefined) return `Drop ${index.name}. No entity declares it.`;
  return `Remove its @Index from ${declared.entity.name} and drop it.`;
}

function sizeText({ bytes }: ExistingIndex, { writes }: TableFacts): string {
  const size = bytes > 0 ? `It takes ${databaseSizeText(bytes)}` : 'It takes its room';
  const written =
    writes === undefined
      ? 'each row that is written changes it'
      : `each of the ${countText(writes)} rows written since the database's statistics were reset may have changed it`;
  return `${size}, and ${written}.`;
}

function figures(index: ExistingIndex, { rows, writes }: TableFacts): Finding['evidence']['facts'] {
  return {
    index: index.name,
    table: index.table.name,
    ...(index.bytes > 0 ? { indexBytes: index.bytes } : {}),
    ...(index.scans === undefined ? {} : { scans: index.scans }),
    tableRows: Math.round(rows),
    ...(writes === undefined ? {} : { rowsWritten: writes }),
  };
}

/** `2026-11-01` */
function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
