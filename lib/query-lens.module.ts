import {
  Inject,
  Logger,
  Module,
  Optional,
  type DynamicModule,
  type MiddlewareConsumer,
  type NestModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import {
  ApplicationConfig,
  DiscoveryModule,
  DiscoveryService,
  HttpAdapterHost,
  ModulesContainer,
} from '@nestjs/core';
import { isAdminRoute } from './admin/admin-routes.js';
import { onAbandonedStart } from './abandoned-start.js';
import { registry } from './context/registry.js';
import type { HookedContext } from './hooked-context.js';
import { observeGraphqlFields, type GraphqlSchema } from './context/graphql-fields.js';
import { HandlerUnits } from './context/handler-units.js';
import { HttpUnits, type HttpAdapter } from './context/http-units.js';
import type { ResponseHeaders } from './context/response-headers.js';
import type { RunningUnit } from './context/running-unit.js';
import { serverTiming } from './context/server-timing.js';
import { dataSourceName, isDataSource } from './data-source-provider.js';
import { QueryLensError } from './errors.js';
import { Line } from './line.js';
import { isObject, refuseUnless } from './option-checks.js';
import type { QueryLensOptions } from './options.js';
import {
  ADMIN_PATH,
  completed,
  ConfigurableModuleClass,
  HOOKED_CONTEXT,
  MODULE_OPTIONS_TOKEN,
  refuseWithoutWay,
  type ASYNC_OPTIONS_TYPE,
  type OPTIONS_TYPE,
} from './query-lens.module-definition.js';
import { QueryLensService } from './query-lens.service.js';

/** Import it once, anywhere: `QueryLensModule.forRoot()`. It is global; inject {@link QueryLensService} where you like. */
@Module({
  imports: [DiscoveryModule],
  providers: [
    QueryLensService,
    {
      provide: Line,
      useFactory: (options?: QueryLensOptions, hooked?: HookedContext) =>
        new Line(options, new Logger('QueryLens'), hooked),
      inject: [
        { token: MODULE_OPTIONS_TOKEN, optional: true },
        { token: HOOKED_CONTEXT, optional: true },
      ],
    },
  ],
  exports: [QueryLensService],
})
export class QueryLensModule
  extends ConfigurableModuleClass
  implements NestModule, OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown
{
  private readonly http: HttpUnits;
  private readonly handlers: HandlerUnits;
  private readonly undoGraphql: (() => void)[] = [];
  private readonly started: () => void;

  constructor(
    @Inject(Line) private readonly line: Line,
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(ModulesContainer) private readonly modules: ModulesContainer,
    @Optional() @Inject(ADMIN_PATH) private readonly adminPath?: string,
    @Optional() @Inject(ApplicationConfig) private readonly config?: ApplicationConfig,
  ) {
    super();
    this.refuseOthers();
    this.http = new HttpUnits(
      line.context,
      (template) => adminPath !== undefined && isAdminRoute(template, adminPath),
      line.options.serverTiming ? (unit) => this.headersOf(unit) : undefined,
    );
    const { trackReads, telemetry } = line.options;
    this.handlers = new HandlerUnits(line.context, trackReads !== 'off' || telemetry.sqlComments !== false);
    this.started = onAbandonedStart(modules, undoOf(line, this.handlers));
    if (line.options.enabled) {
      this.attachToHttp();
      this.attachToHandlers();
    }
  }

  static forRoot(options: typeof OPTIONS_TYPE = {}): DynamicModule {
    refuseUnless('an object', 'options', options, isObject);
    return completed(super.forRoot(options), options.admin, options.enabled !== false);
  }

  static forRootAsync(options: typeof ASYNC_OPTIONS_TYPE): DynamicModule {
    refuseWithoutWay(options);
    return completed(super.forRootAsync(options), options.admin, true);
  }

  /** Middlewares registered meanwhile may have lost the unit; and an adapter that could not be reached so far can be now. */
  configure(consumer: MiddlewareConsumer): void {
    const { httpAdapter } = this.host as { httpAdapter?: HttpAdapter };
    if (!this.line.options.enabled || httpAdapter === undefined) return;
    this.http.attach(httpAdapter);
    if (!this.http.isAttached) consumer.apply(this.http.middleware).forRoutes('*');
    else if (httpAdapter.getType?.() === 'express') httpAdapter.use(this.http.middleware);
  }

  onModuleInit(): void {
    if (this.line.options.enabled) this.watchInterceptors();
    for (const { instance, token } of this.providers()) {
      registry().owners.set(instance, this.line.context);
      if (this.line.options.enabled) this.handlers.attachInstance(instance);
      if (isDataSource(instance)) this.line.claim(instance, dataSourceName(token));
      else if (this.line.options.enabled) this.line.caches.claim(instance, token);
    }
  }

  /** Interceptors of controllers are no providers. */
  private watchInterceptors(): void {
    for (const { providers, injectables } of this.modules.values())
      for (const { metatype } of [...providers.values(), ...injectables.values()])
        this.line.caches.watchInterceptor(metatype);
  }

  onApplicationBootstrap(): void {
    this.completeLine();
    if (this.line.options.enabled) this.observeGraphql();
    this.line.context.bootstrapped();
    this.started();
  }

  onApplicationShutdown(): void {
    for (const undo of this.undoGraphql) undo();
    this.started();
    undoOf(this.line, this.handlers)();
  }

  private completeLine(): void {
    try {
      this.line.complete();
    } catch (error) {
      this.handlers.detach();
      throw error;
    }
  }

  private headersOf(unit: RunningUnit): ResponseHeaders {
    const timing = { 'server-timing': serverTiming(unit.recorder?.soFar) };
    if (this.adminPath === undefined) return timing;
    const page = [this.config?.getGlobalPrefix(), this.adminPath].join('/').replace(/^\/+|\/+$/g, '');
    return { ...timing, 'x-querylens-unit': `/${page}#/units/${unit.id}` };
  }

  /** Each import that is not the same as another is a module of its own, with a line of its own. */
  private refuseOthers(): void {
    const count = [...this.modules.values()].filter(({ metatype }) => metatype === QueryLensModule).length;
    if (count <= 1) return;
    this.line.close();
    throw new QueryLensError('QL008', { count });
  }

  /** In front of body parsing where the adapter is there already; a testing module brings it later. */
  private attachToHttp(): void {
    const host = this.host as LateHttpAdapterHost;
    if (host.httpAdapter) this.http.attach(host.httpAdapter);
    else {
      host.init$?.subscribe(() => {
        if (host.httpAdapter) this.http.attach(host.httpAdapter);
      });
    }
  }

  /** Before anybody takes the methods: Nest's packages do so while the application starts. */
  private attachToHandlers(): void {
    for (const { metatype, inject } of [
      ...this.discovery.getProviders(),
      ...this.discovery.getControllers(),
    ]) {
      // A factory is no class; what it makes is known in onModuleInit().
      if (typeof metatype !== 'function' || inject) continue;
      const prototype: unknown = metatype.prototype;
      if (typeof prototype === 'object' && prototype !== null) this.handlers.attach(metatype, prototype);
    }
  }

  /** Each `GraphQLModule` of an application has a schema of its own. */
  private observeGraphql(): void {
    for (const { providers } of this.modules.values()) {
      const all = [...providers.values()];
      const host = all.find(({ metatype }) => metatype?.name === 'GraphQLSchemaHost');
      const options = all.find(({ token }) => token === 'GqlModuleOptions');
      if (host !== undefined) this.observeSchema(host.instance, options?.instance);
    }
  }

  private observeSchema(host: unknown, options: unknown): void {
    try {
      const { schema } = host as { schema: GraphqlSchema };
      const hasFieldResolver =
        (options as { fieldResolver?: unknown } | undefined)?.fieldResolver !== undefined;
      this.undoGraphql.push(observeGraphqlFields(schema, this.line.context, { hasFieldResolver }));
    } catch (error) {
      this.line.context.failed('graphql', error);
    }
  }

  /** Every provider and controller that exists once for the whole application. */
  private *providers(): Iterable<{ readonly token: unknown; readonly instance: object }> {
    for (const wrapper of [...this.discovery.getProviders(), ...this.discovery.getControllers()]) {
      // A getter of Nest: undefined for providers that are made for each request.
      const instance: unknown = wrapper.isDependencyTreeStatic() ? wrapper.instance : undefined;
      if (typeof instance === 'object' && instance !== null && isReadable(instance))
        yield { token: wrapper.token, instance };
    }
  }
}

/** A function of its own: one of the constructor's would hold the module, and with it the container. */
function undoOf(line: Line, handlers: HandlerUnits): () => void {
  return () => {
    handlers.detach();
    line.close();
  };
}

/** `init$` is not in every version of Nest 10. */
interface LateHttpAdapterHost {
  readonly httpAdapter?: HttpAdapter | null;
  readonly init$?: { subscribe(next: () => void): unknown };
}

/** The proxies of nestjs-cls throw whatever is read of them outside of a request. */
function isReadable(instance: object): boolean {
  try {
    Reflect.get(instance, 'constructor');
    Reflect.get(instance, '@instanceof');
    return true;
  } catch {
    return false;
  }
}
