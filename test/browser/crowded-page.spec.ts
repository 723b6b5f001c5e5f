import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { renderPage } from '../../lib/report/page/render-page.js';
import { describeWith } from '../databases.js';
import { accessibilityViolations, openBrowser, openPage, PHONE } from './browser.js';
import { crowdedReport } from './crowded-report.js';

const LIMIT_MS = 600_000;
const LISTS = [
  'findings',
  'routes',
  'loading-strategies',
  'slow-queries',
  'caches',
  'transactions',
  'lock-conflicts',
];
const SMALL_PHONE = { viewport: { width: 320, height: 640 } } as const;

/**
 * Whatever is wider than its place: the page, and, but on the smallest of screens, a line of a list, a badge or a name that is
 * cut without `…`.
 */
const TOO_WIDE = `(() => {
  const found = [];
  const wide = document.documentElement.scrollWidth - innerWidth;
  if (wide > 0) found.push('the page, by ' + wide);
  if (innerWidth < 390) return found;
  for (const row of document.querySelectorAll('.list tr')) {
    const end = row.getBoundingClientRect().right + 1;
    for (const part of row.querySelectorAll('td, th, .badge')) {
      const { right, width } = part.getBoundingClientRect();
      if (width > 0 && right > end) found.push(part.className + ' ' + part.textContent);
    }
  }
  // No word is cut while there is room beside it.
  for (const row of document.querySelectorAll('.list tbody tr')) {
    const cells = [...row.querySelectorAll('td:not(:first-child)')].filter((cell) => cell.offsetWidth > 0);
    const room = row.getBoundingClientRect().right - Math.max(...cells.map((cell) => cell.getBoundingClientRect().right));
    const cut = cells.filter((cell) => cell.scrollWidth > cell.clientWidth + 1).map((cell) => cell.textContent);
    if (room > 24 && cut.length > 0) found.push('squeezed ' + cut.join(' '));
  }
  for (const badge of document.querySelectorAll('.list .badge')) {
    const cell = badge.closest('td').getBoundingClientRect();
    if (badge.getBoundingClientRect().right > cell.right + 1) found.push('badge ' + badge.textContent);
  }
  for (const head of document.querySelectorAll('.list th'))
    if (head.scrollWidth > head.clientWidth + 1) found.push('head ' + head.textContent);
  for (const name of document.querySelectorAll('.gauges li > span:first-child'))
    if (name.scrollWidth > name.clientWidth + 1) found.push('gauge ' + name.textContent);
  return found;
})()`;

describeWith('chromium', (executablePath) => {
  const folder = mkdtempSync(join(tmpdir(), 'query-lens-crowded-'));
  const file = join(folder, 'report.html');
  let browser: Browser | undefined;

  beforeAll(async () => {
    writeFileSync(file, renderPage({ nonce: 'n0nce', report: crowdedReport() }));
    browser = await openBrowser(executablePath);
  }, LIMIT_MS);

  afterEach(async () => {
    for (const context of browser?.contexts() ?? []) await context.close();
  });

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  async function visit(page: Page, hash: string): Promise<void> {
    await page.goto(`${pathToFileURL(file).href}#/${hash}`);
    await page.locator('h1').waitFor();
  }

  it.each([
    ['on a desktop', {}],
    ['on a phone', PHONE],
    ['on a small phone', SMALL_PHONE],
  ])(
    'keeps long names and large figures inside of the window and of their lines %s',
    async (_, options) => {
      const { page, troubles } = await openPage(browser!, options);
      const found: string[] = [];
      const look = async (what: string): Promise<void> => {
        for (const summary of await page.locator('summary').all()) await summary.click();
        for (const text of await page.evaluate<string[]>(TOO_WIDE)) found.push(`${what}: ${text}`);
        for (const text of await accessibilityViolations(page)) found.push(`${what}: ${text}`);
      };
      for (const view of ['overview', 'pools', 'self']) {
        await visit(page, view);
        await look(view);
      }
      for (const list of LISTS) {
        await visit(page, list);
        await page.locator('.row-link').first().waitFor();
        await look(list);
        await page
          .locator('.row-link')
          .nth(list === 'findings' ? 1 : 0)
          .click();
        await page.locator('.back').waitFor();
        await look(`one of ${list}`);
      }
      expect(found).toEqual([]);
      expect(troubles).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'shows a finding about an index, of no route and at no place, without empty lines',
    async () => {
      const { page } = await openPage(browser!);
      await visit(page, 'findings/index');
      await page.locator('h1', { hasText: 'unused-index' }).waitFor();
      expect(await page.locator('.facts dt').allTextContents()).toEqual(['Seen', 'When']);
      expect(await page.locator('.facts dd').last().textContent()).not.toContain(' to ');
      await page.getByText('Accept it instead').click();
      expect(await page.locator('details').textContent()).not.toContain('route');
    },
    LIMIT_MS,
  );

  it(
    'names the keys that a finding about a cache is about',
    async () => {
      const { page } = await openPage(browser!);
      await visit(page, 'findings?q=fare');
      await page.locator('.row-link', { hasText: 'default fare:*:*' }).waitFor();
    },
    LIMIT_MS,
  );

  it(
    'shows the beginning of a long change on the overview, and all of it behind a press',
    async () => {
      const { page } = await openPage(browser!);
      await visit(page, 'overview');
      const card = page.locator('.card', { hasText: 'unused-index' });
      expect(await card.locator('pre').textContent()).not.toContain('Nothing to undo.');
      await card.getByRole('button', { name: 'Show all' }).click();
      expect(await card.locator('pre').textContent()).toContain('Nothing to undo.');
    },
    LIMIT_MS,
  );

  it(
    'is called in the title of the window what its head says',
    async () => {
      const { page } = await openPage(browser!);
      await visit(page, 'findings/index');
      await page.locator('h1', { hasText: 'unused-index' }).waitFor();
      expect(await page.title()).toMatch(/^unused-index flights\.IDX_\w+ · QueryLens$/u);
      await visit(page, 'pools');
      await page.locator('h1', { hasText: 'Pools' }).waitFor();
      expect(await page.title()).toBe('Pools · QueryLens');
    },
    LIMIT_MS,
  );
});
