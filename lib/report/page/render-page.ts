import type { Report } from '../report.js';
import { PAGE_ASSETS, type PageAssets } from './page-assets.js';

/** What one page is made of. */
export interface PageOptions {
  /** Fresh and unguessable for each page: the only scripts and styles that run are those which carry it. */
  readonly nonce: string;
  /** A report to show instead of asking a server: the page is a file. */
  readonly report?: Report;
  /** @defaultValue those of this build */
  readonly assets?: PageAssets;
}

/** Where the page finds an embedded report; known to page/source.ts. */
export const EMBEDDED_REPORT = 'query-lens-report';

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='none' stroke='%234f5bd5' stroke-width='2.6' stroke-linecap='round'%3E%3Ccircle cx='10.5' cy='10.5' r='7'/%3E%3Cpath d='m16 16 5 5'/%3E%3C/svg%3E";

/** The whole page as one document that loads nothing. */
export function renderPage({ nonce, report, assets = PAGE_ASSETS }: PageOptions): string {
  const lines = [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    ...(report === undefined
      ? []
      : [`<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy(nonce, 'none')}">`]),
    '<title>QueryLens</title>',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="robots" content="noindex, nofollow">',
    '<meta name="referrer" content="no-referrer">',
    '<meta name="color-scheme" content="light dark">',
    `<link rel="icon" href="${ICON}">`,
    `<style nonce="${nonce}">${assets.style}</style>`,
    '</head>',
    '<body>',
    `<div id="query-lens">${assets.script === '' ? NOT_BUILT : ''}</div>`,
    '<noscript>This page needs JavaScript. Without it: <code>report.md</code> and <code>report?format=text</code> beside it.</noscript>',
    ...(report === undefined ? [] : [embedded(report, nonce)]),
    `<script nonce="${nonce}">${assets.script}</script>`,
    '</body>',
    '</html>',
  ];
  return `${lines.join('\n')}\n`;
}

const NOT_BUILT = '<p>The page has not been built: run <code>npm run build</code>.</p>';

/** Nothing but what carries the nonce runs; `connect` is where the page may ask for data. */
export function contentSecurityPolicy(nonce: string, connect: 'self' | 'none'): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    'img-src data:',
    `connect-src '${connect}'`,
    "base-uri 'none'",
    "form-action 'none'",
    // Browsers ignore it in a document and say so: a file has no such header.
    ...(connect === 'self' ? ["frame-ancestors 'none'"] : []),
  ].join('; ');
}

/** Inside of a script element only `<` could end it, or begin a comment. */
function embedded(report: Report, nonce: string): string {
  const json = JSON.stringify(report).replace(/</gu, '\\u003c');
  return `<script type="application/json" id="${EMBEDDED_REPORT}" nonce="${nonce}">${json}</script>`;
}
