import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { QueryLensModule } from 'nestjs-query-lens';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { Column, DataSource, Entity, ManyToOne, OneToMany, PrimaryGeneratedColumn } from 'typeorm';
import { renderPage } from '../../lib/report/page/render-page.js';
import type { Report, RouteReport } from '../../lib/report/report.js';
import { describeWith } from '../databases.js';
import { type RunningApp, startApp } from '../e2e/start-app.js';
import { sampleReport } from '../unit/report/sample-report.js';
import { openBrowser, openPage } from './browser.js';

const LIMIT_MS = 600_000;
const TOKEN = 'correct horse battery staple';
/** Does something that can be seen if any browser takes it for markup or code. */
const MARKUP = `<img src=x onerror="globalThis.owned=1"><script>globalThis.owned=1</script>"'\`\${globalThis.owned=1}`;
const PROPERTY = `<b onclick=alert(1)>children</b>`;

@Entity({ name: `parents><script>owned=1</script>` })
class Parent {
  @PrimaryGeneratedColumn()
  id: number;

  @Column()
  name: string;

  // A relation may have any name that a property has.
  [PROPERTY]: Promise<unknown[]>;
}

@Entity({ name: `children<svg/onload=owned=1>` })
class Child {
  @PrimaryGeneratedColumn()
  id: number;

  @ManyToOne(() => Parent, PROPERTY)
  parent: Parent;
}

OneToMany(() => Child, 'parent', { lazy: true })(Parent.prototype, PROPERTY);

@Controller()
class HostileController {
  constructor(private readonly dataSource: DataSource) {}

  @Get('load')
  async load(): Promise<number> {
    const parents = await this.dataSource.manager.find(Parent);
    for (const parent of parents) await parent[PROPERTY];
    return parents.length;
  }

  @Get('query')
  async query(): Promise<unknown> {
    return this.dataSource.query(`SELECT 1 AS "${MARKUP.replace(/"/g, '""')}"`);
  }

  @Get('fail')
  async fail(): Promise<unknown> {
    return this.dataSource.query(`SELECT "${MARKUP.replace(/"/g, '""')}" FROM "${MARKUP.replace(/"/g, '')}"`);
  }
}

describeWith('chromium', (executablePath) => {
  let browser: Browser | undefined;
  let running: RunningApp | undefined;

  beforeAll(async () => {
    browser = await openBrowser(executablePath);
  }, LIMIT_MS);

  afterEach(async () => {
    for (const context of browser?.contexts() ?? []) await context.close();
    await running?.app.close();
    running = undefined;
  }, LIMIT_MS);

  afterAll(async () => {
    await browser?.close();
  });

  it(
    'shows markup in statements, tables, relations, units of work and errors as text',
    async () => {
      running = await startApp({
        lens: QueryLensModule.forRoot({ admin: { public: true }, thresholds: { minRepeats: 2 } }),
        database: TypeOrmModule.forRoot({ type: 'sqljs', entities: [Parent, Child], synchronize: true }),
        controllers: [HostileController],
        fill: () => Promise.resolve(),
      });
      const { manager } = running.app.get(DataSource, { strict: false });
      for (const name of ['a', 'b', 'c']) await manager.insert(Parent, { name });
      await running.lens.observe(`job ${MARKUP}`, () => manager.query('SELECT 1'));
      for (const path of ['/load', '/query', '/fail']) await running.get(path);
      const report = await running.lens.report();
      expect(JSON.stringify(report)).toContain('onclick=alert(1)');
      expect(report.findings.length).toBeGreaterThan(0);

      const { page, troubles } = await openPage(browser!);
      const url = running.url.replace('[::1]', 'localhost');
      const addresses = ['overview', 'self'];
      for (const list of [
        'findings',
        'routes',
        'loading-strategies',
        'slow-queries',
        'units',
        'transactions',
        'lock-conflicts',
        'caches',
      ]) {
        await page.goto(`${url}/query-lens#/${list}`);
        await page.locator('h1').waitFor();
        await page.locator('.row-link, .none').first().waitFor();
        const links = await page
          .locator('.row-link')
          .evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
        addresses.push(...links.map((href) => href.replace(/^#\//, '')));
      }
      for (const address of addresses) {
        await page.goto(`${url}/query-lens#/${address}`);
        await page.locator('h1').waitFor();
        for (const lane of await page.locator('.lane:enabled').all()) await lane.click();
        await expectHarmless(page, address);
      }
      expect(troubles).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'asks for the token once; no script can read the session',
    async () => {
      running = await startApp({ lens: QueryLensModule.forRoot({ admin: { token: TOKEN } }) });
      const { page } = await openPage(browser!);
      await page.goto(`${running.url.replace('[::1]', 'localhost')}/query-lens#/self`);
      await page.getByLabel('Token').fill('wrong');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('This is not the token.').waitFor();
      await page.getByLabel('Token').fill(TOKEN);
      await page.keyboard.press('Enter');
      await page.locator('h1', { hasText: 'QueryLens itself' }).waitFor();
      await page.getByRole('button', { name: 'Live' }).waitFor();
      expect(await page.evaluate('document.cookie')).toBe('');
      await page.reload();
      await page.locator('h1', { hasText: 'QueryLens itself' }).waitFor();
    },
    LIMIT_MS,
  );

  it(
    'lets who may act pause, resume and forget',
    async () => {
      running = await startApp({
        lens: QueryLensModule.forRoot({ admin: { public: true, allowActions: true } }),
      });
      const { page } = await openPage(browser!);
      await page.goto(`${running.url.replace('[::1]', 'localhost')}/query-lens#/self`);
      await page.getByRole('button', { name: 'Pause recording' }).click();
      await page.getByRole('button', { name: 'Resume recording' }).waitFor();
      expect(running.lens.isPaused).toBe(true);
      await page.getByRole('button', { name: 'Resume recording' }).click();
      await page.getByRole('button', { name: 'Pause recording' }).waitFor();
      await running.lens.observe('job', () => running!.app.get(DataSource).query('SELECT 1'));
      await page.getByRole('button', { name: 'Forget all figures' }).click();
      // Once is not enough for what cannot be undone.
      expect((await running.lens.report()).totals.units).toBeGreaterThan(0);
      await page.getByRole('button', { name: 'Press again to do it' }).click();
      await page.getByText('Done: forget all figures.').waitFor();
      expect((await running.lens.report()).totals.units).toBe(0);
    },
    LIMIT_MS,
  );

  it(
    'keeps what it shows while the application is away, and says so',
    async () => {
      running = await startApp({ lens: QueryLensModule.forRoot({ admin: { public: true } }) });
      await running.lens.observe('nightly job', () => running!.app.get(DataSource).query('SELECT 1'));
      const { page } = await openPage(browser!);
      await page.goto(`${running.url.replace('[::1]', 'localhost')}/query-lens#/routes`);
      await page.getByText('nightly job').waitFor();
      await page.getByRole('button', { name: 'Live' }).waitFor();
      // What a proxy says of an application that does not run: the browser does not try again by itself.
      await page.route('**/query-lens/**', (route) => route.fulfill({ status: 502, body: 'Bad Gateway' }));
      const asked = page.waitForResponse('**/query-lens/routes');
      await running.app.close();
      await asked;
      await page.getByRole('button', { name: 'No connection' }).waitFor();
      expect(await page.locator('.row-link').allTextContents()).toContain('nightly job');
      expect(await page.getByRole('alert').count()).toBe(0);
    },
    LIMIT_MS,
  );

  it(
    'keeps a report of 1,000 routes small in the document, as a file that asks nobody',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'query-lens-page-'));
      try {
        const file = join(folder, 'report.html');
        writeFileSync(file, renderPage({ nonce: 'n0nce', report: largeReport() }));
        const { page, troubles } = await openPage(browser!);
        await page.goto(`${pathToFileURL(file).href}#/routes`);
        await page.locator('.search', { hasText: '1000' }).waitFor();
        const rows = page.locator('tbody tr');
        expect(await rows.count()).toBeLessThan(80);
        await page.evaluate('scrollTo(0, document.body.scrollHeight)');
        await page.getByText('GET /routes/999', { exact: true }).waitFor();
        expect(await rows.count()).toBeLessThan(80);
        await page.locator('input[type=search]').fill('/routes/77');
        await page.locator('.search', { hasText: '11 of 1000' }).waitFor();
        expect(await page.locator('nav').textContent()).not.toContain('Recent units');
        expect(troubles).toEqual([]);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
    LIMIT_MS,
  );
});

async function expectHarmless(page: Page, address: string): Promise<void> {
  const harm = await page.evaluate(
    `({ owned: globalThis.owned, foreign: [...document.querySelectorAll('#query-lens img, #query-lens script, #query-lens b, #query-lens svg[onload], #query-lens [onclick]')].map((element) => element.outerHTML) })`,
  );
  expect([address, harm]).toEqual([address, { foreign: [] }]);
}

function largeReport(): Report {
  const report = sampleReport();
  const [route] = report.routes as [RouteReport];
  const routes = Array.from({ length: 1_000 }, (_, at) => ({ ...route, route: `GET /routes/${String(at)}` }));
  return { ...report, routes };
}
