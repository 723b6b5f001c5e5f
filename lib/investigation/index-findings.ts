import { rounded } from '../record/rounded.js';
import type { Advice, Finding } from '../analysis/finding.js';
import { countText, counted } from '../statistics/count-text.js';
import { durationText } from '../statistics/duration-text.js';
import { findingId } from '../statistics/finding-place.js';
import type { SeenFinding } from '../statistics/slow-query-findings.js';
import type { AdviceContext } from './advice-context.js';
import { databaseSizeText } from './database-size-text.js';
import { entityOfTable } from './entity-of-table.js';
import { indexCode } from './index-code.js';
import { indexText } from './index-definition.js';
import { weightText } from './plan-weight.js';
import type { Served, WorkloadIndex } from './workload-index.js';

/** The advice of one statement that an index serves. */
export function indexAdvice(found: WorkloadIndex, served: Served, context: AdviceContext): Advice {
  return {
    text: `${adviceText(found, context)} ${gainText(served)}`,
    code: indexCode(found.index, found.facts, context),
    verified: verifiedBy(found, served),
  };
}

/** One finding for each index that the workload is worth. */
export function missingIndexFinding(
  found: WorkloadIndex,
  dataSource: string,
  context: AdviceContext,
): SeenFinding {
  const { index, served, savedMsPerHour, facts } = found;
  const [first] = served as readonly [Served, ...Served[]];
  const { suspect } = first;
  const finding: Finding = {
    kind: 'missing-index',
    severity: 'warning',
    title: `${index.table.name} has no index on ${columnsText(found)}: ${counted(served.length, 'statement')} would be faster with it`,
    route: suspect.route,
    dataSource,
    statement: { fingerprint: suspect.fingerprint, text: suspect.text },
    callSites: [...suspect.callSites],
    evidence: {
      text: evidenceText(found),
      facts: {
        statements: served.length,
        rung: found.how === undefined ? 'suggested' : 'planner-verified',
        ...weights(first),
        ...(found.how === undefined ? {} : { savedMsPerHour: Math.round(savedMsPerHour) }),
        ...(found.bytes === undefined ? {} : { indexBytes: found.bytes }),
        ...(facts === undefined ? {} : { tableRows: Math.round(facts.rows) }),
        ...(facts?.writes === undefined ? {} : { rowsWritten: facts.writes }),
      },
    },
    cost: {
      statements: 1,
      rows: Math.round(suspect.rowsPerCall),
      timeMs: rounded(suspect.meanMs),
    },
    advice: {
      text: adviceText(found, context),
      code: indexCode(index, facts, context),
      verified: verifiedBy(found, first),
    },
  };
  const { firstSeen, lastSeen, traceIds, calls } = suspect;
  return {
    id: findingId(finding),
    finding,
    firstSeen,
    lastSeen,
    traceIds: [...traceIds],
    occurrences: calls,
  };
}

function weights({ unit, before, after }: Served): Readonly<Record<string, number>> {
  const [was, is] = unit === 'cost' ? ['costBefore', 'costAfter'] : ['rowsReadBefore', 'rowsReadAfter'];
  return { [was]: Math.round(before), ...(after === undefined ? {} : { [is]: Math.round(after) }) };
}

function columnsText({ index }: WorkloadIndex): string {
  return indexText(index).slice(index.table.name.length + 1);
}

function adviceText(found: WorkloadIndex, { schema }: AdviceContext): string {
  const entity = entityOfTable(found.index.table, schema);
  const place = entity === undefined ? `the table ${found.index.table.name}` : entity.name;
  return `Add an index on ${columnsText(found)} to ${place}.`;
}

function gainText({ suspect, unit, before, after }: Served): string {
  if (after === undefined) return 'It was not tried: nothing here tells how much it helps.';
  const saved = suspect.msPerHour * (1 - after / before);
  const what = unit === 'cost' ? "The planner's cost falls" : 'The rows it reads fall';
  return `${what} from ${countText(before)} to ${countText(after)}, about ${durationText(saved)} an hour at the present traffic.`;
}

function evidenceText({ served, how, savedMsPerHour, facts, bytes }: WorkloadIndex): string {
  const names = served.map(({ suspect, unit, before, after }) => {
    const then = after === undefined ? '' : ` -> ${countText(after)}`;
    return `${suspect.name} on ${suspect.route} (${weightText(before, unit)}${then})`;
  });
  const size = bytes === undefined ? '' : ` It would take ${databaseSizeText(bytes)}`;
  const writes =
    facts?.writes === undefined || size === ''
      ? ''
      : `, and each of the ${countText(facts.writes)} rows written since the database's statistics were reset would have changed it`;
  const saving =
    how === undefined
      ? ''
      : ` Together about ${durationText(savedMsPerHour)} an hour at the present traffic.`;
  return `${names.join('; ')}.${saving}${size === '' ? '' : `${size}${writes}.`}`;
}

function verifiedBy(
  { how, untried }: WorkloadIndex,
  { unit, before, after }: Served,
): NonNullable<Advice['verified']> {
  const was = weightText(before, unit);
  return how === undefined || after === undefined
    ? {
        rung: 'suggested',
        before: was,
        after: 'not tried',
        how: `the plan reads the whole table and throws most rows away; the statistics agree${untried === undefined ? '' : `. Not tried: ${untried}`}`,
      }
    : { rung: 'planner-verified', before: was, after: weightText(after, unit), how };
}
