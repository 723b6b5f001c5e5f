import type { ReportedFinding } from '../../lib/report/report.js';

/** The rule that accepts one finding, as code to paste. */
export function ignoreCode({ kind, relation, route, statement }: ReportedFinding): string {
  const fields = [
    `kind: ${quoted(kind)}`,
    // `Author by id` is no relation that a rule could name.
    ...(relation !== undefined && /^[\w$]+\.[\w$.]+$/u.test(relation)
      ? [`relation: ${quoted(relation)}`]
      : []),
    ...(route === '' ? [] : [`route: ${quoted(route)}`]),
    ...(relation === undefined && statement !== undefined
      ? [`fingerprint: ${quoted(statement.fingerprint)}`]
      : []),
    "reason: '...'",
  ];
  return `ignoreFindings({ ${fields.join(', ')} })`;
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/gu, '\\$&').replace(/\n/gu, '\\n')}'`;
}
