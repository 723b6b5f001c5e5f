import type { Finding } from '../../lib/analysis/finding.js';
import { statementName } from '../../lib/statistics/statement-name.js';

/** What a finding is about: the relation, or a short name of the statement. */
export function findingSubject({ relation, statement }: Finding): string {
  return relation ?? (statement === undefined ? '' : statementName(statement.text));
}
