import { ConfigurableModuleBuilder, Logger, type DynamicModule } from '@nestjs/common';
import { adminControllers } from './admin/admin-controllers.controller.js';
import { ADMIN_LOG } from './admin/admin-log.js';
import { resolveAdminOptions, type AdminOptions } from './admin/admin-options.js';
import { hookEarly } from './hooked-context.js';
import { refuseUnless } from './option-checks.js';
import type { QueryLensOptions } from './options.js';
import { tracedLog } from './traced-log.js';

/** How a running application gets the context that `forRoot()` hooked. */
export const HOOKED_CONTEXT = Symbol('QueryLens.hookedContext');
/** Null when the admin endpoints are closed. */
export const ADMIN_PATH = Symbol('QueryLens.adminPath');

/** What must be known before any provider exists, so it stands beside `useFactory`. */
export interface QueryLensExtras {
  /** Opens the admin endpoints; see {@link AdminOptions}. Closed by default. */
  readonly admin?: AdminOptions;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN, OPTIONS_TYPE, ASYNC_OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<QueryLensOptions>({ moduleName: 'QueryLens' })
    .setClassMethodName('forRoot')
    .setFactoryMethodName('createQueryLensOptions')
    .setExtras<QueryLensExtras>({ admin: undefined }, (definition) => ({ ...definition, global: true }))
    .build();

/** The definition with its controllers, and with a context that records from now on. */
export function completed(
  definition: DynamicModule,
  admin: AdminOptions | undefined,
  isEnabled: boolean,
): DynamicModule {
  if (!isEnabled) return definition;
  const open = resolveAdminOptions(admin, process.env['NODE_ENV']);
  const ofAdmin =
    open === undefined
      ? []
      : [
          { provide: ADMIN_PATH, useValue: open.path },
          { provide: ADMIN_LOG, useFactory: () => tracedLog(new Logger('QueryLens')) },
        ];
  return {
    ...definition,
    controllers: open === undefined ? [] : adminControllers(open),
    providers: [
      ...(definition.providers ?? []),
      ...ofAdmin,
      { provide: HOOKED_CONTEXT, useFactory: hookEarly() },
    ],
  };
}

/** @throws QueryLensError QL002 where nothing says what the options come from */
export function refuseWithoutWay(options: unknown): void {
  const how = 'an object with useFactory, useClass or useExisting';
  refuseUnless(how, 'forRootAsync()', options ?? null, (given) => {
    const { useFactory, useClass, useExisting } = (given ?? {}) as typeof ASYNC_OPTIONS_TYPE;
    return [useFactory, useClass, useExisting].some((way) => way !== undefined);
  });
}
