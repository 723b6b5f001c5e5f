import type { IncomingMessage, ServerResponse } from 'node:http';
import { httpName, routeTemplate, type RoutedRequest } from './http-name.js';
import { beforeHeaders, type ResponseHeaders } from './response-headers.js';
import type { RunningUnit } from './running-unit.js';
import type { UnitContext } from './unit-context.js';

/** What is used of Nest's `AbstractHttpAdapter`. */
export interface HttpAdapter {
  getType?(): string;
  getInstance(): unknown;
  use(middleware: HttpMiddleware): unknown;
}

export type HttpMiddleware = (
  request: IncomingMessage & RoutedRequest,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

type FastifyHook = (
  request: RoutedRequest & { readonly raw: IncomingMessage },
  reply: { readonly raw: ServerResponse },
  done: () => void,
) => void;

interface FastifyInstance {
  addHook(name: 'onRequest' | 'preValidation', hook: FastifyHook): unknown;
}

/** A request on its way. The framework's own request object, where there is one, knows the route. */
interface OpenRequest {
  readonly unit: RunningUnit;
  request: RoutedRequest;
}

/** One unit of work for each HTTP request, from the first middleware until the response has been sent. */
export class HttpUnits {
  private readonly open = new WeakMap<IncomingMessage, OpenRequest>();
  /** Whether requests arrive here. */
  isAttached = false;

  constructor(
    private readonly context: UnitContext,
    /** Whether a route template is one of QueryLens's own. */
    private readonly isOwnRoute: (template: string) => boolean,
    /** What is said of its unit in each response; nothing without. */
    private readonly headersOf?: (unit: RunningUnit) => ResponseHeaders,
  ) {}

  /** Goes in front of everything that is registered later. */
  attach(adapter: HttpAdapter): void {
    if (this.isAttached) return;
    try {
      if (adapter.getType?.() === 'fastify') this.attachToFastify(adapter);
      else adapter.use(this.middleware);
      this.isAttached = true;
    } catch (error) {
      this.context.failed('http', error);
    }
  }

  /**
   * Also for a request that is already open: body parsers and session stores may call back from elsewhere, and lose the
   * unit on the way.
   */
  readonly middleware: HttpMiddleware = (request, response, next) => {
    this.enter(request, response, request, () => {
      next();
    });
  };

  private attachToFastify(adapter: HttpAdapter): void {
    const enter: FastifyHook = (request, reply, done) => {
      this.enter(request.raw, reply.raw, request, done);
    };
    const instance = adapter.getInstance() as FastifyInstance;
    instance.addHook('onRequest', enter);
    instance.addHook('preValidation', enter);
    this.attachToMiddie(adapter);
  }

  /** Nest registers its middlewares' own hook first, so only a middleware is in front of the other middlewares. */
  private attachToMiddie(adapter: HttpAdapter): void {
    try {
      adapter.use(this.middleware);
    } catch {
      // Nest 10 and 11 cannot take middlewares before `app.init()`; then the hook above is the first in the line anyway.
    }
  }

  private enter(
    raw: IncomingMessage,
    response: ServerResponse,
    request: RoutedRequest,
    next: () => void,
  ): void {
    let unit: RunningUnit | undefined;
    try {
      unit = this.unitOf(raw, response, request);
    } catch (error) {
      this.context.failed('http', error);
    }
    if (unit === undefined) next();
    else this.context.run(unit, next);
  }

  private unitOf(raw: IncomingMessage, response: ServerResponse, request: RoutedRequest): RunningUnit {
    const known = this.open.get(raw);
    if (known !== undefined) {
      if (request !== raw) known.request = request;
      return known.unit;
    }
    const opened = { unit: this.context.begin('http', httpName(raw, undefined)), request };
    this.open.set(raw, opened);
    opened.unit.nameNow = () => this.nameNow(opened);
    const close = () => {
      this.close(opened, response);
    };
    // An instrumentation of the server, which comes before us, ends its span when the response closes.
    response.once('finish', close).prependOnceListener('close', close);
    this.announce(opened, response);
    return opened.unit;
  }

  private announce(opened: OpenRequest, response: ServerResponse): void {
    const { headersOf } = this;
    if (headersOf === undefined) return;
    const headers = (): ResponseHeaders => {
      const template = routeTemplate(opened.request, response.statusCode);
      return template !== undefined && this.isOwnRoute(template) ? {} : headersOf(opened.unit);
    };
    beforeHeaders(response, headers, (error) => {
      this.context.failed('http', error);
    });
  }

  private close({ unit, request }: OpenRequest, response: ServerResponse): void {
    if (unit.endedMs !== undefined) return;
    try {
      this.describe(unit, request, response);
    } catch (error) {
      this.context.failed('http', error);
    }
    try {
      this.context.end(unit);
    } catch (error) {
      this.context.failed('http', error);
    }
  }

  /** Before a piece of an open stream is handed over. */
  private nameNow({ unit, request }: OpenRequest): string {
    try {
      const template = routeTemplate(request, 200);
      unit.isDiscarded = template !== undefined && this.isOwnRoute(template);
      return unit.kind === 'http' ? httpName(request, template) : unit.name;
    } catch (error) {
      this.context.failed('http', error);
      return unit.name;
    }
  }

  private describe(unit: RunningUnit, request: RoutedRequest, response: ServerResponse): void {
    const { recorder } = unit;
    if (recorder === undefined) return;
    // Server-sent events always end so.
    recorder.isAborted = !response.writableEnded && !unit.isLongLived;
    if (response.headersSent) recorder.status = response.statusCode;
    const template = routeTemplate(request, response.statusCode);
    unit.isDiscarded = template !== undefined && this.isOwnRoute(template);
    if (unit.kind === 'http') unit.name = httpName(request, template);
  }
}
