import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { VersioningType } from '@nestjs/common';
import { QueryLensModule } from 'nestjs-query-lens';
import type { Browser } from 'playwright-core';
import { describeWith } from '../databases.js';
import { type RunningApp, startApp } from '../e2e/start-app.js';
import { useHelmet } from '../e2e/use-helmet.js';
import { openBrowser, openPage } from './browser.js';

const LIMIT_MS = 600_000;
const TOKEN = 'correct horse battery staple';

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
  afterAll(() => browser?.close());

  it.each(['express', 'fastify'] as const)(
    'works under Helmet, a global prefix and versions, on %s',
    async (platform) => {
      running = await startApp({
        platform,
        lens: QueryLensModule.forRoot({ admin: { token: TOKEN, allowActions: true } }),
        configure: (app) => {
          app.setGlobalPrefix('api').enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
          useHelmet(app, platform);
        },
      });
      const { page, troubles } = await openPage(browser!);
      await page.goto(`${running.url.replace('[::1]', 'localhost')}/api/query-lens`);
      await page.getByLabel('Token').fill(TOKEN);
      // That it was refused before is in the console.
      troubles.splice(0);
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Live' }).waitFor();
      await page.getByRole('link', { name: 'QueryLens itself' }).first().click();
      await page.getByRole('button', { name: 'Pause recording' }).click();
      await page.getByRole('button', { name: 'Resume recording' }).waitFor();
      expect(troubles).toEqual([]);
      await page.getByRole('link', { name: 'JSON' }).click();
      await page.waitForURL(/\/api\/query-lens\/self$/);
    },
    LIMIT_MS,
  );
});
