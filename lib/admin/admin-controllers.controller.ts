import { Controller, UseGuards, VERSION_NEUTRAL, type CanActivate, type Type } from '@nestjs/common';
import { AdminActionsController } from './admin-actions.controller.js';
import { ACTION_NAMES } from './admin-actions.js';
import { AdminDoorGuard } from './admin-door.guard.js';
import type { GuardClass, ResolvedAdminOptions } from './admin-options.js';
import { AdminPageController } from './admin-page.controller.js';
import { AdminSession } from './admin-session.js';
import { AdminSessionController } from './admin-session.controller.js';
import { AdminTokenGuard } from './admin-token.guard.js';
import { AdminController } from './admin.controller.js';

/**
 * Classes of their own for each `forRoot()`: path and guards are metadata of a class, and two applications must not meet.
 * The door comes first, then the token, then the application's guards. The page alone needs no token.
 */
export function adminControllers(options: ResolvedAdminOptions): Type[] {
  const { token, actionGuards } = options;
  const session = token === undefined ? undefined : new AdminSession(token);
  const guards = session === undefined ? [] : [new AdminTokenGuard(session)];
  const actions = actionGuards === undefined ? [] : ACTION_NAMES;

  class QueryLensPageController extends AdminPageController {}
  class QueryLensAdminController extends AdminController {
    protected override readonly actions = actions;
    protected override readonly hasSession = session !== undefined;
  }
  return [
    opened(QueryLensPageController, options, []),
    opened(QueryLensAdminController, options, guards),
    ...(session === undefined ? [] : [opened(sessionController(session), options, guards)]),
    ...(actionGuards === undefined ? [] : [opened(actionsController(), options, guards, actionGuards)]),
  ];
}

function sessionController(session: AdminSession): Type {
  return class QueryLensSessionController extends AdminSessionController {
    protected override readonly session = session;
  };
}

function actionsController(): Type {
  return class QueryLensActionsController extends AdminActionsController {};
}

function opened(
  controller: Type,
  { path, guards, decorators }: ResolvedAdminOptions,
  own: readonly CanActivate[],
  further: readonly GuardClass[] = [],
): Type {
  Controller({ path, version: VERSION_NEUTRAL })(controller);
  // The options know no Nest; what the user gives there are guards.
  const nestGuards = (classes: readonly GuardClass[]) => classes as readonly Type<CanActivate>[];
  UseGuards(AdminDoorGuard, ...own, ...nestGuards(guards), ...nestGuards(further))(controller);
  for (const decorate of decorators) decorate(controller);
  return controller;
}
