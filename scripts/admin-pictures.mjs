// `node scripts/admin-pictures.mjs`: the pictures of the admin page in docs/images, taken from the running sample. Needs a
// Chromium (QUERY_LENS_TEST_CHROMIUM, or /usr/bin/chromium).
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { buildWhatIsStale } from './build-when-stale.mjs';
import { firstFreePort } from './free-port.mjs';
import { startSample } from './sample-application.mjs';
import { investigate, requestsOfRound, send } from '../sample/01-quick-start/traffic.mjs';

const root = join(import.meta.dirname, '..');
const desktop = { width: 1180, height: 760 };

/** The unit is the first in the list of recent ones that the search finds. */
const pictures = [
  { file: 'admin-overview', view: 'overview', colorScheme: 'light' },
  {
    file: 'admin-route',
    view: 'routes/GET%20%2Fairlines%2F%3AairlineId%2Fmaintenance',
    colorScheme: 'light',
  },
  { file: 'admin-waterfall', view: 'units?q=maintenance', first: true, colorScheme: 'dark' },
  { file: 'admin-phone', view: 'findings', colorScheme: 'dark', viewport: { width: 390, height: 760 } },
];

buildWhatIsStale(console.log);
const application = await startSample({
  port: await firstFreePort(3000),
  logFile: join(root, '.demo/pictures.log'),
  onLoaded: () => undefined,
});
const browser = await chromium.launch({
  executablePath: process.env['QUERY_LENS_TEST_CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
});
try {
  for (let round = 0; round < 5; round++)
    for (const request of requestsOfRound(round)) await send(application.url, request);
  await investigate(application.url);
  for (const picture of pictures) await take(picture);
} finally {
  await browser.close();
  await application.stop();
}

async function take({ file, view, first, colorScheme, viewport = desktop }) {
  const context = await browser.newContext({ viewport, colorScheme });
  const page = await context.newPage();
  await page.goto(`${application.url}/query-lens#/${view}`);
  if (first) await page.locator('.row-link').first().click();
  await page.locator('h1').waitFor();
  await page.locator('.card, .waterfall, .tree, .row-link').first().waitFor();
  await page.locator('.live.live').waitFor();
  // Each part of a view asks for itself.
  if (view !== 'findings') await page.locator('.figures').first().waitFor();
  await page.screenshot({ path: join(root, `docs/images/${file}.png`) });
  await context.close();
}
