import type { Finding } from './analysis/finding.js';
import { IgnoreList } from './ignore-list.js';
import type { ResolvedOptions } from './options.js';

/** Says which findings the user wants to see: those of kinds that are on, and that no ignore rule accepts. */
export class ShownFindings {
  readonly ignores: IgnoreList;

  constructor(private readonly options: Pick<ResolvedOptions, 'detectors' | 'ignore'>) {
    this.ignores = new IgnoreList(options.ignore);
  }

  readonly of = (findings: readonly Finding[]): readonly Finding[] => {
    const wanted = findings.filter(({ kind }) => this.options.detectors[kind]);
    return this.ignores.without(wanted, Date.now());
  };

  readonly has = (finding: Finding): boolean => this.of([finding]).length > 0;
}
