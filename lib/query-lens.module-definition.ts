import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { AdminOptions } from './admin/admin-options.js';
import type { QueryLensOptions } from './options.js';

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
