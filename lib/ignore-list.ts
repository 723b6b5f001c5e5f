import type { Finding } from './analysis/finding.js';
import { describeRule, isIgnoredBy, type IgnoreRule } from './ignore-findings.js';
import type { SelfReport } from './report/report.js';

/** The rules in force, and what each has matched. An expired rule matches nothing. */
export class IgnoreList {
  private readonly entries: { readonly rule: IgnoreRule; readonly expiresMs: number; matched: number }[];

  constructor(rules: readonly IgnoreRule[]) {
    this.entries = rules.map((rule) => ({
      rule,
      expiresMs: rule.expires === undefined ? Infinity : Date.parse(rule.expires),
      matched: 0,
    }));
  }

  /** The findings that no rule accepts. */
  without(findings: readonly Finding[], nowMs: number): readonly Finding[] {
    if (this.entries.length === 0 || findings.length === 0) return findings;
    return findings.filter((finding) => !this.accepts(finding, nowMs));
  }

  /** For `self` in the report. */
  describe(nowMs: number): SelfReport['ignores'] {
    return this.entries.map(({ rule, expiresMs, matched }) => ({
      rule: describeRule(rule),
      matched,
      isExpired: expiresMs <= nowMs,
    }));
  }

  private accepts(finding: Finding, nowMs: number): boolean {
    const entry = this.entries.find(({ rule, expiresMs }) => expiresMs > nowMs && isIgnoredBy(rule, finding));
    if (entry !== undefined) entry.matched++;
    return entry !== undefined;
  }
}
