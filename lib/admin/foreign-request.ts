import { headerOf, type AdminRequest } from './admin-request.js';

/** The page's own requests carry it. A form cannot, and a script of another site may not without a preflight. */
export const PAGE_HEADER = 'x-query-lens';

/**
 * Why a request is refused that another site made a browser send; undefined when it is not. Reading is allowed to whoever
 * follows a link; acting only to the page itself and to programs, which send no `Origin` and no `Sec-Fetch-Site`.
 */
export function whyForeign(request: AdminRequest): string | undefined {
  const site = headerOf(request, 'sec-fetch-site');
  if (request.method === 'GET' || request.method === 'HEAD') {
    const isNavigation = headerOf(request, 'sec-fetch-mode') === 'navigate';
    return site === 'cross-site' && !isNavigation ? 'Other sites may not read this.' : undefined;
  }
  if (headerOf(request, PAGE_HEADER) === undefined) return `The header ${PAGE_HEADER} is needed to act.`;
  if (site !== undefined) {
    return site === 'same-origin' || site === 'none' ? undefined : 'Other sites may not act here.';
  }
  return isSameOrigin(request) ? undefined : 'Other sites may not act here.';
}

/** Older browsers, and plain HTTP, where browsers leave `Sec-Fetch-Site` out. */
function isSameOrigin(request: AdminRequest): boolean {
  const origin = headerOf(request, 'origin');
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === headerOf(request, 'host');
}
