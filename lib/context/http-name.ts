/** The parts of an Express or Fastify request that name its route. */
export interface RoutedRequest {
  readonly method?: string;
  /** Express. */
  readonly baseUrl?: unknown;
  readonly route?: { readonly path?: unknown };
  /** Fastify. */
  readonly is404?: boolean;
  readonly routeOptions?: { readonly url?: unknown };
}

/** Express runs its not-found handlers as routes for everything, too. */
const CATCH_ALL = /\*\w*\}?$/;
/** Part of a path that somebody wrote down, and not one that came with a request. */
const WRITTEN = /^(?:[a-z][a-z_.-]{0,31}|v\d{1,3})?$/i;

/**
 * The route's template, `/authors/:id`; undefined where no route answered. Never the path that was asked for: there are
 * as many of those as a client likes.
 */
export function routeTemplate(request: RoutedRequest, status: number): string | undefined {
  const template = fastifyTemplate(request) ?? expressTemplate(request);
  return template === '' || (status === 404 && CATCH_ALL.test(template)) ? undefined : template;
}

/** `GET /authors/:id`, `GET (no route)` */
export function httpName(request: RoutedRequest, template: string | undefined): string {
  return `${request.method ?? 'HTTP'} ${template ?? '(no route)'}`;
}

function fastifyTemplate({ is404, routeOptions }: RoutedRequest): string | undefined {
  return is404 !== true && typeof routeOptions?.url === 'string' ? routeOptions.url : undefined;
}

/** Where a router or a middleware (Apollo's) is mounted stands in `baseUrl`, and its routes are seen from there. */
function expressTemplate({ baseUrl, route }: RoutedRequest): string {
  const mount = typeof baseUrl === 'string' ? baseUrl.split('/').map(writtenPart).join('/') : '';
  const path = route?.path === undefined ? '' : [route.path].flat().map(patternText).join('|');
  return mount !== '' && path === '/' ? mount : mount + path;
}

/** Unlike a route's path, `baseUrl` is the text of the request: `/tenants/7` where `/tenants/:id` was written. */
function writtenPart(part: string): string {
  return WRITTEN.test(part) ? part : '*';
}

/** Express takes regular expressions too. */
function patternText(pattern: unknown): string {
  return typeof pattern === 'string' ? pattern : pattern instanceof RegExp ? pattern.source : '*';
}
