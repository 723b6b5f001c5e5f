import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { CacheModule } from '@nestjs/cache-manager';
import { Controller, Get, Inject } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { QueryLensModule } from 'nestjs-query-lens';
import type { Browser, Page } from 'playwright-core';
import { DataSource } from 'typeorm';
import { describeOn, describeWith } from '../databases.js';
import { AuthorsController, AuthorsService } from '../e2e/caches/caches-app.js';
import { Author, Book } from '../e2e/library.entities.js';
import { type RunningApp, startApp } from '../e2e/start-app.js';
import { accessibilityViolations, openBrowser, openPage, PHONE } from './browser.js';

const LIMIT_MS = 600_000;
const TOKEN = 'correct horse battery staple';

@Controller('locks')
class LocksController {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** One transaction has the row, another one gives up waiting for it. */
  @Get()
  async clash(): Promise<string> {
    const { manager } = this.dataSource;
    const { id } = await manager.findOneByOrFail(Author, {});
    return manager.transaction(async (first) => {
      await first.update(Author, { id }, { name: 'first' });
      return manager
        .transaction(async (second) => {
          await second.query(`SET LOCAL lock_timeout = '20ms'`);
          await second.update(Author, { id }, { name: 'second' });
        })
        .then(
          () => 'both',
          () => 'one',
        );
    });
  }
}

/** What the demo's embedded database cannot show: two connections, plans on a connection of their own, caches. */
describeWith('chromium', (executablePath) => {
  describeOn(['postgres'], (database) => {
    let browser: Browser | undefined;
    let running: RunningApp;
    let url: string;

    beforeAll(async () => {
      running = await startApp({
        lens: QueryLensModule.forRoot({
          admin: { token: TOKEN, allowActions: true },
          investigate: { mode: 'on-request' },
          logFindings: false,
          logFailingQueries: false,
        }),
        database: TypeOrmModule.forRoot({
          ...database.options({ entities: [Author, Book], synchronize: true }),
        }),
        imports: [CacheModule.register()],
        controllers: [AuthorsController, LocksController],
        providers: [AuthorsService],
      });
      url = `${running.url.replace('[::1]', 'localhost')}/query-lens`;
      for (const path of ['/authors/by-hand/1', '/authors/by-hand/1', '/authors/titles', '/authors/titles'])
        await running.get(path);
      expect(await (await running.get('/locks')).text()).toBe('one');
      browser = await openBrowser(executablePath);
    }, LIMIT_MS);
    afterEach(async () => {
      for (const context of browser?.contexts() ?? []) await context.close();
    });
    afterAll(async () => {
      await browser?.close();
      await running.app.close();
    });

    async function signedIn(options = {}) {
      const opened = await openPage(browser!, options);
      await opened.page.goto(url);
      await opened.page.getByLabel('Token').fill(TOKEN);
      await opened.page.keyboard.press('Enter');
      await opened.page.getByRole('button', { name: 'Live' }).waitFor();
      // Being refused is what the page is for, and what the browser writes to its console.
      opened.troubles.splice(0);
      return opened;
    }

    async function openRow(page: Page, view: string, row: string, text: string): Promise<void> {
      await page.goto(`${url}#/${view}`);
      await page.locator('.row-link', { hasText: row }).first().click();
      await page.locator('main', { hasText: text }).waitFor();
    }

    const details: readonly (readonly [view: string, row: string, text: string])[] = [
      ['caches', 'author:*', 'Time of a look-up'],
      ['lock-conflicts', 'UPDATE author', 'lock-timeout'],
      ['transactions', 'LocksController', 'Without a statement'],
    ];

    it.each([
      ['light', { colorScheme: 'light' }],
      ['dark', { colorScheme: 'dark' }],
      ['phone', PHONE],
    ])(
      'shows a cache, a lock conflict and a transaction in full (%s)',
      async (_, options) => {
        const { page, troubles } = await signedIn(options);
        for (const [view, row, text] of details) {
          await openRow(page, view, row, text);
          expect([view, await accessibilityViolations(page)]).toEqual([view, []]);
          const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
          expect([view, Number(overflow) > 0]).toEqual([view, false]);
        }
        expect(troubles).toEqual([]);
      },
      LIMIT_MS,
    );

    it(
      'reads the plan of a statement on demand',
      async () => {
        const { page, troubles } = await signedIn();
        await openRow(page, 'slow-queries', 'SELECT author', 'Time of a call');
        // Of a statement that a busy machine makes slow, or lets wait, there is more to say.
        await page.getByText(/Its plan has not been read|No plan|It waited/).waitFor();
        expect(await page.locator('.plan .node').count()).toBe(0);
        await page.getByRole('button', { name: 'Read its plan' }).click();
        await page.locator('.plan .node', { hasText: 'of the cost' }).first().waitFor();
        await page.getByRole('button', { name: 'Read its plan again' }).waitFor();
        await page.getByRole('button', { name: 'Copy the plan as JSON' }).first().waitFor();
        await page.getByText('Asked the database.').waitFor();
        expect(troubles).toEqual([]);
      },
      LIMIT_MS,
    );

    it(
      'is left again',
      async () => {
        const { page } = await signedIn();
        await page.getByRole('button', { name: 'Sign out' }).click();
        await page.getByLabel('Token').waitFor();
        await page.reload();
        await page.getByLabel('Token').waitFor();
      },
      LIMIT_MS,
    );
  });
});
