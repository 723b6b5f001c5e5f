import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { DEFAULT_THRESHOLDS } from '../../../lib/analysis/thresholds.js';
import { DEFAULT_INVESTIGATE } from '../../../lib/investigate-options.js';
import { Investigations } from '../../../lib/investigations.js';
import { openExplainer } from '../../../lib/open-explainer.js';
import { schemaModel } from '../../../lib/capture/typeorm/schema-model.js';
import { findingLine } from '../../../lib/report/finding-line.js';
import { Statistics } from '../../../lib/statistics/statistics.js';
import { describeOn } from '../../databases.js';
import { ObservedUnits } from '../scenarios/observed-units.js';
import { fillLibrary } from './finding-examples.js';
import { libraryEntities, Review } from './library.entities.js';

describeOn(['pglite'], (database) => {
  it('the page of missing-index shows what is said of its example', async () => {
    const dataSource = await database.open({ entities: libraryEntities });
    await fillLibrary(dataSource);
    await dataSource.query(
      `INSERT INTO review (stars, "bookId") SELECT n % 5, 1 + n % 120 FROM generate_series(1, 20000) n`,
    );
    await dataSource.query('ANALYZE');
    const units = new ObservedUnits(dataSource);
    const statistics = new Statistics();
    const options = {
      ...DEFAULT_INVESTIGATE,
      trialIndexes: true,
      borrowConnection: true,
      statementTimeoutMs: 20_000,
    };
    const investigations = new Investigations({
      options,
      thresholds: { ...DEFAULT_THRESHOLDS, slowQueryMs: 0 },
      statistics,
      schemas: () => new Map([['default', schemaModel(dataSource, 'default')]]),
      open: () => openExplainer(dataSource, options),
      now: Date.now,
      failed: (where, error) => {
        throw new Error(where, { cause: error });
      },
    });
    for (let call = 0; call < 3; call++) {
      const { analysed, findings } = await units.run(() => reviewsOf(7));
      statistics.add(analysed, findings);
      investigations.note(analysed);
    }
    units.stop();
    await investigations.all();
    const [seen] = investigations.findings;
    const { finding } = seen!;
    const page = readFileSync('docs/findings/missing-index.md', 'utf8');
    const shown = comparable((/(?<=```text\n)[^]*?(?=```)/.exec(page) ?? [''])[0]);
    const [line = ''] = findingLine(finding).split(' GET /');
    for (const said of [line, finding.title, finding.evidence.text, finding.advice.text])
      expect(shown).toContain(comparable(said));
    for (const fact of Object.keys(finding.evidence.facts)) expect(page).toContain(`| \`${fact}\``);
    for (const code of finding.advice.code!.split('\n').slice(0, 2)) expect(page).toContain(code);

    function reviewsOf(bookId: number) {
      return dataSource.getRepository(Review).find({ where: { bookId } });
    }
  });
});

function comparable(text: string): string {
  return text
    .replace(/\d[\d,.]*( ms| s| min| kB| MB)?\b/g, '#')
    .replace(/on [A-Z]+ \S+/g, 'on ROUTE')
    .replace(/\s+/g, ' ');
}
