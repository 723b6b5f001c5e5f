import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import type { Finding, FindingKind } from '../../../lib/analysis/finding.js';
import { DEFAULT_THRESHOLDS } from '../../../lib/analysis/thresholds.js';
import type { CallSite } from '../../../lib/record/call-site.js';
import { findingLine } from '../../../lib/report/finding-line.js';
import { readFindings } from '../../../lib/statistics/read-findings.js';
import { slowQueryFindings } from '../../../lib/statistics/slow-query-findings.js';
import { Statistics } from '../../../lib/statistics/statistics.js';
import { describeOn, type TestDatabase } from '../../databases.js';
import { ObservedUnits } from '../scenarios/observed-units.js';
import { causes, cures, fillLibrary, LibraryService } from './finding-examples.js';
import { libraryEntities } from './library.entities.js';

const kinds = Object.keys(causes) as FindingKind[];
/** Needs a pool of several connections, which PGlite is not. */
const ofPools: readonly FindingKind[] = ['sequential-queries', 'pool-wait'];

describeOn(['pglite'], (database) => {
  describePages(
    database,
    kinds.filter((kind) => !ofPools.includes(kind)),
  );
});

describeOn(['postgres'], (database) => {
  describePages(database, ofPools);
});

/** The pages show what QueryLens says of the code they show. Figures, and error classes of drivers, may differ. */
function describePages(database: TestDatabase, examples: readonly FindingKind[]): void {
  let units: ObservedUnits;
  let service: LibraryService;
  let dataSource: DataSource;

  beforeAll(async () => {
    dataSource = await database.open({ entities: libraryEntities });
    await fillLibrary(dataSource);
    units = new ObservedUnits(dataSource, { trackReads: 'all' });
    service = new LibraryService(dataSource);
  });
  afterAll(() => {
    units.stop();
  });

  it.each(examples)('the page of %s shows what is said of its example', async (kind) => {
    const page = readFileSync(`docs/findings/${kind}.md`, 'utf8');
    const finding = await findingOf(kind);
    const [shown] = /(?<=```text\n)[^]*?(?=```)/.exec(page) ?? [''];
    const block = comparable(shown);
    for (const line of saidLines(finding)) expect(block).toContain(comparable(line));
    expect(finding.callSites.length === 0 || finding.callSites.some((site) => isShown(site, block))).toBe(
      true,
    );
    for (const fact of Object.keys(finding.evidence.facts)) expect(page).toContain(`| \`${fact}\``);
  });

  it.each(examples.filter((kind) => kind in cures))(
    'the fix on the page of %s leaves nothing to say',
    async (kind) => {
      expect(await units.findings(async () => cures[kind]?.(dataSource))).toEqual([]);
    },
  );

  for (const kind of examples.filter(isUnread))
    it(`the fix on the page of ${kind} stays right over many requests`, async () => {
      const found = await foundIn(kind, async () => cures[kind]?.(dataSource));
      expect(found.filter((finding) => finding.kind === kind)).toEqual([]);
    });

  async function findingOf(kind: FindingKind): Promise<Finding> {
    const all = await foundIn(kind, async () => causes[kind]?.(service));
    const [found] = all.filter((finding) => finding.kind === kind);
    if (found === undefined)
      throw new Error(`The example of ${kind} gave ${all.map((other) => other.kind).join()}`);
    return found;
  }

  async function foundIn(kind: FindingKind, work: () => Promise<unknown>): Promise<readonly Finding[]> {
    const statistics = new Statistics();
    const calls = isUnread(kind) ? DEFAULT_THRESHOLDS.minSampledLoads : 3;
    for (let call = 0; call < calls; call++) {
      const { analysed, findings } = await units.run(work, DEFAULT_THRESHOLDS);
      statistics.add(analysed, findings);
    }
    const inTotals = [
      ...slowQueryFindings(statistics, DEFAULT_THRESHOLDS),
      ...readFindings(statistics, DEFAULT_THRESHOLDS),
    ];
    return [...statistics.findings.values(), ...inTotals].map(({ finding }) => finding);
  }
}

/** Judged over many units of work. */
function isUnread(kind: FindingKind): boolean {
  return kind.startsWith('unused-');
}

/** Of several places, which comes first may be chance: the one that waited longest, say. */
function isShown(site: CallSite, block: string): boolean {
  return block.includes(comparable(`in ${site.function}`));
}

/** The searchable line up to the route, and everything that is said in words. */
function saidLines(finding: Finding): string[] {
  const { title, evidence, advice } = finding;
  const [line = ''] = findingLine(finding).split(' GET /');
  const code = advice.code?.split('\n').map((part) => part.trim()) ?? [];
  return [line, title, evidence.text, advice.text, ...code];
}

function comparable(text: string): string {
  return text
    .replace(/\d[\d,.]*( ms| s\b)?/g, '#')
    .replace(/failed: [a-z]+ /gi, 'failed: ')
    .replace(/[\w.-]+\.ts:#/g, 'file.ts:#');
}
