/** What `QueryLensService.health()` answers, as far as it is used here. */
interface Health {
  readonly status: 'up' | 'degraded' | 'down';
  readonly reasons: readonly string[];
  readonly dataSources: readonly unknown[];
}

/** What Terminus takes as the result of an indicator. Typed as `up` or `down`: only Terminus 12 knows `degraded`. */
export type HealthResult<Key extends string = string> = Record<
  Key,
  { readonly status: 'up' | 'down' } & Record<string, unknown>
>;

/** How the installed Terminus wants to be told. */
export interface TerminusGeneration {
  /** From 12 on. */
  readonly knowsDegraded: boolean;
  /** Up to 10: a failure is an error that is thrown. */
  readonly failure?: new (message: string, causes: unknown) => Error;
}

interface TerminusShape {
  readonly HealthIndicatorService?: new () => { check(key: string): { degraded?: unknown } };
  readonly HealthCheckError?: new (message: string, causes: unknown) => Error;
}

/** Told by what it exports, not by its version: those may be patched or aliased. */
export function terminusGeneration(terminus: object): TerminusGeneration {
  const { HealthIndicatorService, HealthCheckError } = terminus as TerminusShape;
  if (HealthIndicatorService !== undefined)
    return { knowsDegraded: typeof new HealthIndicatorService().check('').degraded === 'function' };
  return HealthCheckError === undefined
    ? { knowsDegraded: false }
    : { knowsDegraded: false, failure: HealthCheckError };
}

/** @throws the failure of Terminus 10 where it is down */
export function healthResult<Key extends string>(
  key: Key,
  { status, reasons, dataSources }: Health,
  { knowsDegraded, failure }: TerminusGeneration,
): HealthResult<Key> {
  const shown: object =
    status === 'degraded' && !knowsDegraded ? { status: 'up', degraded: true } : { status };
  // What Terminus 12 calls degraded has no place in the types of those before.
  const result = { [key]: { ...shown, reasons, dataSources } } as unknown as HealthResult<Key>;
  if (status === 'down' && failure !== undefined) throw new failure(`${key} is down`, result);
  return result;
}
