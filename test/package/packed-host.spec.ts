import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPackedHost, type PackedHost } from './packed-host.js';

const oneListOfAuthors = {
  schema: 'query-lens/report@1',
  findings: [
    expect.objectContaining({ kind: 'n-plus-one', relation: 'Author.books', route: 'GET /authors' }),
  ],
  routes: expect.arrayContaining([expect.objectContaining({ route: 'GET /authors' })]),
};

/** Each test compiles and starts an application of its own. */
const limitMs = 120_000;

describe('the packed library', () => {
  let host: PackedHost | undefined;

  beforeAll(() => {
    host = createPackedHost();
  }, limitMs);

  afterAll(() => {
    host?.remove();
  });

  it(
    'carries the page in both formats, and the command',
    () => {
      const { PAGE_ASSETS } = JSON.parse(host?.exports('dist/cjs/report/page/page-assets.js') ?? '') as {
        PAGE_ASSETS: { script: string; style: string };
      };
      expect(PAGE_ASSETS.script.length).toBeGreaterThan(10_000);
      expect(PAGE_ASSETS.style.length).toBeGreaterThan(5_000);
      const esm = host?.read('dist/esm/report/page/page-assets.js') ?? '';
      expect(esm).toContain(JSON.stringify(PAGE_ASSETS));
      const schema = JSON.stringify(JSON.parse(host?.read('schema/report@1.json') ?? ''));
      for (const format of ['esm', 'cjs'])
        expect(host?.read(`dist/${format}/admin/report-schema.js`)).toContain(schema);
      expect(host?.command('--help')).toContain('  report ');
      expect(host?.command('--version')).toMatch(/^\d+\.\d+\.\d+/);
    },
    limitMs,
  );

  it(
    'reports the N+1 of a CommonJS host',
    () => {
      expect(host?.run('commonjs')).toMatchObject(oneListOfAuthors);
    },
    limitMs,
  );

  it(
    'reports the N+1 of an ES module host',
    () => {
      expect(host?.run('module')).toMatchObject(oneListOfAuthors);
    },
    limitMs,
  );

  it(
    'counts each statement once where both formats are loaded into one process',
    () => {
      const alone = host?.run('module') as { totals: object };
      const before = `import { createRequire } from 'node:module'; createRequire(import.meta.url)('nestjs-query-lens');`;
      const both = host?.run('module', { before }) as { totals: object };
      expect(both).toMatchObject(oneListOfAuthors);
      expect(queries(both)).toBe(queries(alone));
    },
    limitMs,
  );
});

function queries({ totals }: { totals: object }) {
  return (totals as { queries: number }).queries;
}
