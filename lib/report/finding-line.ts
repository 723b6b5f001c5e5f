import type { Finding } from '../analysis/finding.js';
import { describeCallSite } from '../record/call-site.js';
import { countText } from '../statistics/count-text.js';
import { statementName } from '../statistics/statement-name.js';
import { printable } from './printable.js';

/**
 * The one line of a finding that is made to be searched:
 * `n-plus-one Author.books x50 GET /authors authors.service.ts:42 in AuthorsService.list`.
 */
export function findingLine(finding: Finding): string {
  const { kind, route, callSites } = finding;
  const [site] = callSites;
  const parts = [
    kind,
    subjectText(finding),
    times(finding),
    route,
    site === undefined ? '' : describeCallSite(site),
  ];
  return printable(parts.filter((part) => part !== '').join(' '));
}

/** The relation, the pattern of keys, or a short name of the statement; empty where it is about neither. */
export function subjectText({ relation, cacheKey, statement }: Finding): string {
  return relation ?? cacheKey ?? (statement === undefined ? '' : statementName(statement.text));
}

function times({ cost, evidence }: Finding): string {
  const { calls } = evidence.facts;
  const count = typeof calls === 'number' ? calls : cost.statements;
  return count > 1 ? `x${countText(count)}` : '';
}
