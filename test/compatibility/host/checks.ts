import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Report, UnitView } from 'nestjs-query-lens';
import type { Check } from './check.js';
import { closedChecks, neighbourChecks } from './neighbours.js';
import type { RunningHost } from './running-host.js';
import { wrappedMethods } from './wrapped-methods.js';

/** For the document: what the report said of itself at the end. */
export const seen: { report?: Report } = {};

/** They run in order; the last one, but for what is checked afterwards, closes the application. */
export const checks: readonly Check[] = [
  {
    name: 'schema work is seen as bootstrap',
    async run({ lens }) {
      const bootstrap = (await lens.units()).find(({ kind }) => kind === 'bootstrap');
      const statements = statementsOf(bootstrap);
      assert.ok(statements.some((statement) => statement.startsWith('CREATE TABLE')));
    },
  },
  {
    name: 'a lazy relation in a loop is n-plus-one, with relation, route and call site',
    async run({ get, lens }) {
      const { status, body } = await get('lazy');
      assert.deepEqual([status, (JSON.parse(body) as unknown[]).length], [200, 6]);
      const finding = await findingOf(lens, 'lazy', 'n-plus-one');
      assert.equal(finding?.relation, 'Author.books');
      assertCallSite(finding.callSites[0], 'await author.books', 'LibraryController.lazy');
      const loads = await strategiesOf(lens, 'lazy');
      assert.deepEqual(loads, ['Author.books lazy x6', 'Book.publisher eager-join x6']);
    },
  },
  {
    name: 'statements of a guard belong to the request',
    async run({ lens }) {
      const unit = (await lens.units()).find(({ name }) => name === route('lazy'));
      assert.equal(statementsOf(unit).filter((statement) => statement.includes('guard')).length, 1);
      assert.equal(unit?.queries, 8);
    },
  },
  healthy('eager', 1, ['Book.publisher eager-join x1']),
  healthy('join', 1, ['Book.chapters join x1', 'Book.publisher eager-join x1']),
  healthy('query', undefined, ['Book.chapters query x1']),
  {
    name: 'a loop by id is n-plus-one of the relation behind it',
    async run({ get, lens }) {
      assert.equal((await get('by-id')).status, 200);
      const finding = await findingOf(lens, 'by-id', 'n-plus-one');
      assert.equal(finding?.relation, 'Book.author');
      assertCallSite(finding.callSites[0], 'this.authors.findOneBy', 'LibraryController.byId');
    },
  },
  {
    name: 'a failing query is reported and changes no answer',
    async run({ get, lens }) {
      assert.equal((await get('broken')).status, 500);
      const finding = await findingOf(lens, 'broken', 'failing-query');
      assert.ok(finding);
      assert.ok((await lens.report()).totals.errors >= 1);
    },
  },
  {
    name: 'two requests at a time do not mix',
    async run({ get, lens }) {
      const answers = await Promise.all([get('pace/ann'), get('pace/bob'), get('pace/ann')]);
      assert.deepEqual(
        answers.map(({ body }) => body),
        ['ann', 'bob', 'ann'],
      );
      const units = (await lens.units()).filter(({ name }) => name === route('pace/:who'));
      const askers = units.map((unit) =>
        statementsOf(unit).map((statement) => /(\w+)\.id/.exec(statement)?.[1]),
      );
      assert.deepEqual(askers.map((names) => names.join(' ')).sort(), [
        'ann ann ann',
        'ann ann ann',
        'bob bob bob',
      ]);
    },
  },
  ...neighbourChecks,
  {
    name: 'nothing failed in QueryLens itself',
    async run({ lens }) {
      const report = await lens.report();
      seen.report = report;
      assert.deepEqual(report.self.failures, []);
      assert.equal(report.self.recordsDropped, 0);
    },
  },
  {
    name: 'closing the application undoes every wrapper',
    async run({ app, dataSource, untouched }) {
      assert.notDeepEqual(wrappedMethods(dataSource), untouched);
      await app.close();
      const now = wrappedMethods(dataSource);
      assert.deepEqual(
        now.map((method, index) => method === untouched[index]),
        untouched.map(() => true),
      );
    },
  },
  ...closedChecks,
];

function healthy(path: string, queries: number | undefined, strategies: readonly string[]): Check {
  return {
    name: `${path}: loaded well, no finding`,
    async run({ get, lens }) {
      assert.equal((await get(path)).status, 200);
      const found = (await lens.findings()).filter((finding) => finding.route === route(path));
      assert.deepEqual(found, []);
      const loads = await strategiesOf(lens, path);
      for (const strategy of strategies)
        assert.ok(loads.includes(strategy), `${strategy} in ${loads.join(', ')}`);
      const unit = (await lens.units()).find(({ name }) => name === route(path));
      if (queries !== undefined) assert.equal(unit?.queries, queries);
    },
  };
}

function route(path: string): string {
  return `GET /api/library/:shelf/${path}`;
}

async function findingOf(lens: RunningHost['lens'], path: string, kind: string) {
  return (await lens.findings()).find((finding) => finding.route === route(path) && finding.kind === kind);
}

/** `Author.books lazy x6` */
async function strategiesOf(lens: RunningHost['lens'], path: string): Promise<string[]> {
  const loads = (await lens.loadingStrategies()).filter((load) => load.route === route(path));
  return loads
    .map(({ relation, strategy, loads: count }) => `${relation} ${strategy} x${String(count)}`)
    .sort();
}

function statementsOf(unit: UnitView | undefined): string[] {
  return (unit?.statements ?? []).map(({ statement }) => statement);
}

/** The line of the TypeScript that people wrote, whatever it was compiled to. */
function assertCallSite(
  site: { file: string; line: number; function?: string } | undefined,
  marker: string,
  name: string,
): void {
  const source = readFileSync('src/library.controller.ts', 'utf8').split('\n');
  const line = source.findIndex((text) => text.includes(marker)) + 1;
  assert.deepEqual(
    { file: site?.file.replaceAll('\\', '/'), line: site?.line, function: site?.function },
    { file: 'src/library.controller.ts', line, function: name },
  );
}
