/** A function that an instrumentation has replaced: OpenTelemetry and its kin mark theirs so, as `shimmer` did. */
interface Wrapped {
  readonly __wrapped?: unknown;
}

interface ClientClass {
  readonly prototype?: { readonly query?: Wrapped };
}

/** The packages that TypeORM's drivers keep: `pg`, and `mysql2`. */
interface LoadedPackages {
  readonly postgres?: { readonly Client?: ClientClass };
  readonly mysql?: { readonly Connection?: ClientClass };
}

/** Whether somebody makes spans of the statements already, below TypeORM. It may begin at any time, so it is asked anew. */
export function isDriverInstrumented(driver: object): boolean {
  const { postgres, mysql } = driver as LoadedPackages;
  return (postgres?.Client ?? mysql?.Connection)?.prototype?.query?.__wrapped === true;
}
