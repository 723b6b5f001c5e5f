import type { Finding, FindingKind } from './analysis/finding.js';

/** Which findings are known and accepted. Every field that is set must match; at least a reason is needed. */
export interface IgnoreRule {
  readonly kind?: FindingKind;
  /** As the finding shows it: `Author.books`, `Author by id`. */
  readonly relation?: string;
  /** Name of the unit of work: `GET /authors`. A `*` at the end stands for the rest. */
  readonly route?: string;
  /** Of the statement. */
  readonly fingerprint?: string;
  /** Why this is fine. For the reader who wonders next year whether it still is. */
  readonly reason: string;
  /** From this day on the rule is off and the findings are back: `2027-01-31`. */
  readonly expires?: string;
}

/**
 * Accepts findings, for `ignore` in the module's options. They are not logged and not reported; the report's `self`
 * says which rules match nothing and which have expired.
 */
export function ignoreFindings(rule: IgnoreRule): IgnoreRule {
  return Object.freeze({ ...rule });
}

/** Whether the rule speaks of this finding; its date is not looked at. */
export function isIgnoredBy(rule: IgnoreRule, finding: Finding): boolean {
  return (
    (rule.kind === undefined || rule.kind === finding.kind) &&
    (rule.relation === undefined || rule.relation === finding.relation) &&
    (rule.fingerprint === undefined || rule.fingerprint === finding.statement?.fingerprint) &&
    (rule.route === undefined || matchesRoute(rule.route, finding.route))
  );
}

function matchesRoute(pattern: string, route: string): boolean {
  return pattern.endsWith('*') ? route.startsWith(pattern.slice(0, -1)) : pattern === route;
}

/** `n-plus-one Author.books GET /authors: a list of two` */
export function describeRule(rule: IgnoreRule): string {
  const parts = [rule.kind, rule.relation, rule.route, rule.fingerprint].filter((part) => part !== undefined);
  return `${parts.join(' ') || 'everything'}: ${rule.reason}`;
}
