/** Below the admin path; the first is the page itself. A test compares them with the controllers. */
export const ADMIN_ROUTES = [
  '',
  'summary',
  'report',
  'report.md',
  'routes',
  'loading-strategies',
  'slow-queries',
  'findings',
  'caches',
  'pools',
  'replication',
  'health',
  'transactions',
  'lock-conflicts',
  'self',
  'units',
  'units/:id',
  'events',
  'openapi.json',
  'session',
  'actions/:action',
] as const;

/** Whether a route template, with whatever prefix the application has, is one of ours: those are not recorded. */
export function isAdminRoute(template: string, adminPath: string): boolean {
  return ADMIN_ROUTES.some((route) =>
    template.endsWith(route === '' ? `/${adminPath}` : `/${adminPath}/${route}`),
  );
}
