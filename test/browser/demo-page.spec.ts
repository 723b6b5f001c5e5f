import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { QueryLensService } from 'nestjs-query-lens';
import type { Browser, Page } from 'playwright-core';
import { AppModule } from '../../sample/01-quick-start/src/app.module.js';
import { requestsOfRound, send } from '../../sample/01-quick-start/traffic.mjs';
import { describeWith } from '../databases.js';
import { accessibilityViolations, openBrowser, openPage, PHONE } from './browser.js';

/** Every view of the page, and what stands there when the demo has had its traffic. */
const VIEWS: readonly (readonly [hash: string, text: string])[] = [
  ['overview', 'Change this first'],
  ['findings', 'CrewMember.flights'],
  ['findings?area=relations', 'Only those about relations'],
  ['routes', 'GET /flights/delayed'],
  ['routes/GET%20%2Fflights%2Fdelayed', 'What it loads'],
  ['loading-strategies', 'Aircraft.maintenanceNotes'],
  ['slow-queries', 'SELECT aircraft'],
  ['caches', 'Caches'],
  ['pools', 'Pools'],
  ['transactions', 'Transactions'],
  ['lock-conflicts', 'Lock conflicts'],
  ['units', 'GET /reports/last-strikes'],
  ['self', 'Ignored findings'],
];

/** Lists of which the first row is opened as well. */
const DETAILS: readonly (readonly [list: string, text: string])[] = [
  ['findings', 'Accept it instead'],
  ['slow-queries', 'Time of a call'],
  ['units', 'Waterfall'],
];

const LIMIT_MS = 600_000;

describeWith('chromium', (executablePath) => {
  let app: INestApplication | undefined;
  let browser: Browser | undefined;
  let url: string;

  beforeAll(async () => {
    app = await NestFactory.create(AppModule, { logger: false, forceCloseConnections: true });
    await app.listen(0);
    url = (await app.getUrl()).replace('[::1]', 'localhost');
    for (const round of [0, 1, 2]) for (const request of requestsOfRound(round)) await send(url, request);
    browser = await openBrowser(executablePath);
  }, LIMIT_MS);

  afterAll(async () => {
    await browser?.close();
    await app?.close();
  });

  afterEach(async () => {
    for (const context of browser?.contexts() ?? []) await context.close();
  });

  async function visit(page: Page, hash: string, text: string): Promise<void> {
    await page.goto(`${url}/query-lens#/${hash}`);
    await page.locator('main', { hasText: text }).waitFor();
  }

  async function openFirst(page: Page, [list, text]: readonly [string, string]): Promise<void> {
    await page.goto(`${url}/query-lens#/${list}`);
    await page.locator('.row-link').first().click();
    await page.locator('main', { hasText: text }).waitFor();
  }

  it(
    'shows every view with real data, asks nobody else, and logs no error',
    async () => {
      const { page, troubles } = await openPage(browser!);
      for (const [hash, text] of VIEWS) await visit(page, hash, text);
      for (const detail of DETAILS) await openFirst(page, detail);
      expect(troubles).toEqual([]);
    },
    LIMIT_MS,
  );

  for (const [name, options] of [
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['phone', PHONE],
  ] as const) {
    it(
      `is accessible, and as wide as the window (${name})`,
      async () => {
        const { page } = await openPage(browser!, options);
        const violations: string[] = [];
        const look = async (what: string): Promise<void> => {
          for (const text of await accessibilityViolations(page)) violations.push(`${what}: ${text}`);
          const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
          if (Number(overflow) > 0) violations.push(`${what}: ${String(overflow)} pixels too wide`);
        };
        for (const [hash, text] of VIEWS) {
          await visit(page, hash, text);
          await look(hash);
        }
        for (const detail of DETAILS) {
          await openFirst(page, detail);
          await look(`one of ${detail[0]}`);
        }
        expect(violations).toEqual([]);
      },
      LIMIT_MS,
    );
  }

  it(
    'is used by keyboard alone',
    async () => {
      const { page } = await openPage(browser!);
      await visit(page, 'overview', 'Change this first');
      await page.keyboard.press('Tab');
      expect(await focused(page)).toBe('Skip to the content');
      await page.keyboard.press('Enter');
      expect(await page.evaluate('document.activeElement.id')).toBe('main');
      await visit(page, 'findings', 'CrewMember.flights');
      await page.keyboard.press('/');
      await page.keyboard.type('n-plus-one flight.origin');
      await page.locator('.search', { hasText: '1 of' }).waitFor();
      expect(page.url()).toContain('q=n-plus-one');
      await page.keyboard.press('Escape');
      await page.keyboard.press('j');
      expect(await focused(page)).toContain('Flight.origin');
      await page.keyboard.press('Enter');
      await page.locator('h1', { hasText: 'Flight.origin' }).waitFor();
      expect(await page.evaluate('document.activeElement.id')).toBe('main');
      expect(await page.title()).toContain('QueryLens');
      await page.goBack();
      await page.locator('.search', { hasText: '1 of' }).waitFor();
    },
    LIMIT_MS,
  );

  it(
    'gives the code to the clipboard, sorts by what is pressed, and opens a statement of the waterfall',
    async () => {
      const { page } = await openPage(browser!, { permissions: ['clipboard-read', 'clipboard-write'] });
      await visit(page, 'findings?q=truncated', 'CrewMember.flights');
      await page.locator('.row-link').first().click();
      await page.getByRole('button', { name: 'Copy the code' }).click();
      await page.getByText('Copied').first().waitFor();
      expect(await page.evaluate('navigator.clipboard.readText()')).toContain('.take(20)');

      await visit(page, 'routes', 'GET /flights/delayed');
      await page.getByRole('button', { name: 'Route' }).click();
      await page.locator('th[aria-sort=ascending]').waitFor();
      const names = await page.locator('.row-link').allTextContents();
      expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b, 'en')));

      await visit(page, 'units?q=delayed', 'GET /flights/delayed');
      await page.locator('.row-link').first().click();
      await page.locator('.lane', { hasText: '×40' }).click();
      await page.locator('.detail', { hasText: 'FROM "airports"' }).waitFor();
    },
    LIMIT_MS,
  );

  it(
    'follows the application until it is frozen',
    async () => {
      const { page } = await openPage(browser!);
      await visit(page, 'overview', 'units of work');
      await page.getByRole('button', { name: 'Live' }).waitFor();
      const units = page.locator('.figures dd').first();
      const before = Number(await units.textContent());
      const request = { method: 'GET', path: '/flights/1', status: 200 } as const;
      await send(url, request);
      await expectText(page, String(before + 1));
      await page.getByRole('button', { name: 'Live' }).click();
      await page.getByRole('button', { name: 'Frozen' }).waitFor();
      await send(url, request);
      const { totals } = await app!.get(QueryLensService).report();
      expect(totals.units).toBe(before + 2);
      await page.getByRole('button', { name: 'Frozen' }).click();
      await expectText(page, String(before + 2));
    },
    LIMIT_MS,
  );
});

function focused(page: Page): Promise<string> {
  return page.evaluate('document.activeElement.textContent');
}

async function expectText(page: Page, text: string): Promise<void> {
  await page.locator('.figures dd').first().filter({ hasText: text }).waitFor();
}
