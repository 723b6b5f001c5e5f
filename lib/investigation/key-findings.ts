import type { Finding } from '../analysis/finding.js';
import { countText } from '../statistics/count-text.js';
import type { SeenFinding } from '../statistics/slow-query-findings.js';
import type { AdviceContext } from './advice-context.js';
import { databaseSizeText } from './database-size-text.js';
import { seenAt } from './existing-index-findings.js';
import { entityOfTable } from './entity-of-table.js';
import { indexCode } from './index-code.js';
import type { JudgedKey } from './judge-key.js';
import type { KeySearch } from './key-searches.js';
import { weightText } from './plan-weight.js';
import type { TableFacts } from './table-facts.js';

/** `missing-index` for a foreign key, whether or not a statement is slow without it by now. */
export function missingKeyFinding(
  search: KeySearch,
  judged: JudgedKey,
  facts: TableFacts,
  dataSource: string,
  context: AdviceContext,
): SeenFinding {
  const { index, unit, before, after, bytes } = judged;
  const { table, rows, writes } = facts;
  const { columns, relation, route, callSites, seen, walks, deletes } = search;
  const names = `(${columns.join(', ')})`;
  const place = entityOfTable(index.table, context.schema)?.name ?? `the table ${table.name}`;
  const [was, is] = unit === 'cost' ? ['costBefore', 'costAfter'] : ['rowsReadBefore', 'rowsReadAfter'];
  const then = after === undefined ? '' : ` -> ${countText(after)}`;
  const size = bytes === undefined ? '' : ` The index would take ${databaseSizeText(bytes)}.`;
  const finding: Finding = {
    kind: 'missing-index',
    severity: 'warning',
    title: `${table.name} has no index on its foreign key ${names}`,
    route,
    dataSource,
    relation,
    callSites,
    evidence: {
      text: `${seen[0]?.toUpperCase() ?? ''}${seen.slice(1)}. Without the index each search reads all of ${countText(rows)} rows (${weightText(before, unit)}${then}).${size}`,
      facts: {
        rung: after === undefined ? 'suggested' : 'planner-verified',
        ...(walks === undefined ? {} : { walks }),
        ...(deletes === undefined ? {} : { deletes }),
        [was]: Math.round(before),
        ...(after === undefined ? {} : { [is]: Math.round(after) }),
        ...(bytes === undefined ? {} : { indexBytes: bytes }),
        tableRows: Math.round(rows),
        ...(writes === undefined ? {} : { rowsWritten: writes }),
      },
    },
    cost: { statements: 0, rows: 0, timeMs: 0 },
    advice: {
      text: `Add an index on ${names} to ${place}.`,
      code: indexCode(index, facts, context),
      verified: {
        rung: after === undefined ? 'suggested' : 'planner-verified',
        before: weightText(before, unit),
        after: after === undefined ? 'not tried' : weightText(after, unit),
        how: judged.how,
      },
    },
  };
  return seenAt(finding, context.at);
}
