import { QueryLensError } from '../errors.js';
import { isBoolean, isObject, isText, refuseUnknown, refuseUnless } from '../option-checks.js';

/** A constructor, as Nest's `Type` describes it; this file knows no Nest. */
export type GuardClass = abstract new (...parameters: never[]) => unknown;

/** Who may read the reports over HTTP. With neither guards, token nor public, nobody: the routes do not exist. */
export interface AdminOptions {
  /** Where the page and its routes are, below the global prefix. @defaultValue 'query-lens' */
  readonly path?: string;
  /** Nest guards that decide; resolved by Nest's dependency injection. All must agree. */
  readonly guards?: readonly GuardClass[];
  /**
   * A secret of 16 characters or more: sent as `Authorization: Bearer <token>`, or typed once into the page, which then has
   * a session of twelve hours.
   */
  readonly token?: string;
  /** Everybody may read. Refused at start-up when NODE_ENV is `production`. @defaultValue false */
  readonly public?: boolean;
  /**
   * Who may act besides reading (forget all figures, pause recording, have query plans read): `true` for every reader, or
   * further guards that must agree too. Without it those routes do not exist.
   * @defaultValue false
   */
  readonly allowActions?: boolean | readonly GuardClass[];
  /**
   * Put on the controllers of QueryLens: for guards of the whole application that let a route pass by its metadata
   * (`[Public()]`), or for what documents an API (`[ApiExcludeController()]`).
   */
  readonly decorators?: readonly ClassDecorator[];
}

/** {@link AdminOptions} of endpoints that are open to somebody. */
export interface ResolvedAdminOptions {
  readonly path: string;
  readonly guards: readonly GuardClass[];
  readonly token?: string;
  /** Undefined: nobody may act. */
  readonly actionGuards?: readonly GuardClass[];
  readonly decorators: readonly ClassDecorator[];
}

export const DEFAULT_ADMIN_PATH = 'query-lens';
const MIN_TOKEN_LENGTH = 16;

/**
 * Undefined when the endpoints stay closed.
 *
 * @throws QueryLensError QL006 for `public` in production, QL007 for a token that is too short, QL001 and
 * QL002 for what cannot be
 */
export function resolveAdminOptions(
  options: AdminOptions | undefined,
  environment: string | undefined,
): ResolvedAdminOptions | undefined {
  checkKinds(options);
  const {
    guards = [],
    token,
    public: isPublic = false,
    allowActions = false,
    decorators = [],
  } = options ?? {};
  if (isPublic && environment === 'production') throw new QueryLensError('QL006', {});
  if (token !== undefined && token.length < MIN_TOKEN_LENGTH) {
    throw new QueryLensError('QL007', { length: token.length, minimum: MIN_TOKEN_LENGTH });
  }
  const path = (options?.path ?? DEFAULT_ADMIN_PATH).replace(/^\/+|\/+$/g, '');
  if (path === '')
    throw new QueryLensError('QL002', { option: 'admin.path', value: '""', expected: 'a path' });
  if (!isPublic && token === undefined && guards.length === 0) return undefined;
  const actionGuards = typeof allowActions === 'boolean' ? (allowActions ? [] : undefined) : allowActions;
  return { path, guards, token, actionGuards, decorators };
}

const KNOWN: readonly (keyof AdminOptions)[] = [
  'path',
  'guards',
  'token',
  'public',
  'allowActions',
  'decorators',
];

/** As JavaScript, or a variable of the environment, lets them pass: `public: 'false'` would open the endpoints. */
function checkKinds(options: AdminOptions | undefined): void {
  refuseUnless('an object such as { guards: [AdminGuard] }', 'admin', options, isObject);
  if (options === undefined) return;
  refuseUnknown('admin.', options, KNOWN);
  const { path, guards, token, public: isPublic, allowActions, decorators } = options;
  refuseUnless('a path', 'admin.path', path, isText);
  refuseUnless('a list of guard classes', 'admin.guards', guards, isListOfClasses);
  // Its value is a secret.
  if (token !== undefined && !isText(token))
    throw new QueryLensError('QL002', {
      option: 'admin.token',
      value: `a ${typeof token}`,
      expected: 'a text',
    });
  refuseUnless('true or false', 'admin.public', isPublic, isBoolean);
  refuseUnless(
    'true, false or a list of guard classes',
    'admin.allowActions',
    allowActions,
    (value) => isBoolean(value) || isListOfClasses(value),
  );
  refuseUnless('a list of decorators', 'admin.decorators', decorators, isListOfClasses);
}

/** Guards that are objects are Nest's business, too. */
function isListOfClasses(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'function' || isObject(one));
}
