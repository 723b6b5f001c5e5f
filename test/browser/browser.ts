import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import axe from 'axe-core';

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const PHONE = { viewport: { width: 390, height: 844 } } as const;

export function openBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, headless: true, args: ARGUMENTS });
}

/** A page of its own that remembers what must not happen. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors in the console, failures of scripts, requests to other hosts. */
  readonly troubles: string[];
}

export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
  context.setDefaultTimeout(90_000);
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) troubles.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => troubles.push(`script: ${error.message}`));
  page.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (!['localhost', '127.0.0.1', '[::1]'].includes(hostname) && !['data:', 'file:'].includes(protocol))
      troubles.push(`request: ${request.url()}`);
  });
  return { page, troubles };
}

/** What axe-core has to say about the page as it is: rules of WCAG 2.2 A and AA, and good practice. */
export async function accessibilityViolations(page: Page): Promise<readonly string[]> {
  // By the debugger, which the page's policy does not concern.
  await page.evaluate(`${axe.source}; undefined`);
  return page.evaluate(async () => {
    const { violations } = await (
      globalThis as unknown as {
        axe: {
          run(): Promise<{
            violations: { id: string; help: string; nodes: { html: string; failureSummary: string }[] }[];
          }>;
        };
      }
    ).axe.run();
    return violations.map(
      ({ id, help, nodes }) => `${id}: ${help}: ${nodes[0]?.html ?? ''} ${nodes[0]?.failureSummary ?? ''}`,
    );
  });
}
