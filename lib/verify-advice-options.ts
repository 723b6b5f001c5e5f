import { defaultInvestigateMode, type InvestigateMode } from './investigate-options.js';
import { filled, isBoolean, isFigure, isInvestigateMode, refuseUnless } from './option-checks.js';

/** How advice on loading is tried. */
export interface VerifyAdviceOptions {
  /**
   * `background`: some findings a minute. `on-request`: only when `QueryLensService.investigate()` is called. `off`: never,
   * and nothing is kept for it.
   * @defaultValue with `true` or an object `'background'`; `'on-request'` where NODE_ENV is `production` or `test`
   */
  readonly mode: InvestigateMode;
  /** Findings that are tried in a minute, in the background. @defaultValue 6 */
  readonly maxPerMinute: number;
  /** The database gives up a statement, and QueryLens a form of loading, after so many milliseconds. @defaultValue 5000 */
  readonly statementTimeoutMs: number;
  /** A form that reads more rows is given up. @defaultValue 20000 */
  readonly maxRows: number;
  /**
   * Read on the application's own connection, between its statements, where there is but one (SQLite, PGlite).
   * @defaultValue false
   */
  readonly borrowConnection: boolean;
}

export const NO_VERIFICATION: VerifyAdviceOptions = {
  mode: 'off',
  maxPerMinute: 6,
  statementTimeoutMs: 5_000,
  maxRows: 20_000,
  borrowConnection: false,
};

/** @throws QueryLensError QL001, QL002 */
export function resolveVerifyAdvice(
  given: boolean | Partial<VerifyAdviceOptions> | undefined,
): VerifyAdviceOptions {
  if (given === undefined || given === false) return NO_VERIFICATION;
  const mode = defaultInvestigateMode(process.env['NODE_ENV']);
  const defaults = { ...NO_VERIFICATION, mode };
  if (given === true) return defaults;
  refuseUnless(
    'true, false or an object',
    'verifyAdvice',
    given,
    (value) => typeof value === 'object' && value !== null,
  );
  const options = filled('verifyAdvice', defaults, given);
  for (const [name, value] of Object.entries(options)) {
    const option = `verifyAdvice.${name}`;
    if (name === 'mode')
      refuseUnless("'background', 'on-request' or 'off'", option, value, isInvestigateMode);
    else if (name === 'borrowConnection') refuseUnless('true or false', option, value, isBoolean);
    else refuseUnless('a number of 0 or more', option, value, isFigure);
  }
  return options;
}
