/**
 * Every error QueryLens throws on purpose. `{name}` stands for a value known when it is thrown. All of them are thrown at
 * start-up, or where a loader is made; nothing is thrown while the application works. Each code has a section in docs/errors.md.
 */
export const ERRORS = {
  QL001: {
    what: 'unknown option "{option}" (known: {known})',
    why: 'it changes nothing, and what you meant by it does not happen',
    fix: 'Correct its name{hint} or remove it from QueryLensModule.forRoot().',
  },
  QL002: {
    what: 'option "{option}" is {value}',
    why: 'it cannot be used: {expected} is needed',
    fix: 'Give it such a value, or leave it out to use the default.',
  },
  QL003: {
    what: 'no DataSource named "{name}" (known: {known})',
    why: 'none of its queries can be recorded',
    fix: "Add TypeOrmModule.forRoot({ name: '{name}' }) or remove it from dataSources.",
  },
  QL004: {
    what: 'an ignore rule without a reason ({rule})',
    why: 'nobody will know later whether it may go',
    fix: "Say why: ignoreFindings({ ..., reason: 'a report for two admins, 20 rows at most' }).",
  },
  QL005: {
    what: 'an ignore rule names {part} "{value}", which does not exist (known: {known})',
    why: 'it would never match and the findings would stay',
    fix: 'Correct the name or remove the rule from ignore.',
  },
  QL006: {
    what: 'admin.public is true and NODE_ENV is "production"',
    why: 'everybody could read the statements, routes and file names of this application',
    fix: 'Use admin.guards or admin.token, or leave public to development.',
  },
  QL007: {
    what: 'admin.token has {length} characters',
    why: 'it could be guessed: {minimum} are needed at least',
    fix: 'Use a longer random one, for example from `openssl rand -hex 32`.',
  },
  QL008: {
    what: 'QueryLensModule is imported {count} times',
    why: 'every statement would be recorded, judged and logged as often, under different options',
    fix: 'Import QueryLensModule.forRoot() once, in the root module: it is global, and QueryLensService can be injected everywhere.',
  },
  QL028: {
    what: 'no relation "{relation}" (known: {known})',
    why: 'createRelationLoader() has nothing to load',
    fix: 'Correct the name of the property, or give the class that declares it.',
  },
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** An error of QueryLens itself, with its code in the message and as a property. */
export class QueryLensError extends Error {
  override readonly name = 'QueryLensError';

  constructor(
    readonly code: ErrorCode,
    values: Readonly<Record<string, string | number>>,
  ) {
    const { what, why, fix } = ERRORS[code];
    super(fill(`${code}: ${what}, so ${why}. ${fix}`, values));
  }
}

function fill(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (placeholder, name: string) => String(values[name] ?? placeholder));
}
