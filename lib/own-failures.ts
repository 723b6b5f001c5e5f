/** One kind of failure of QueryLens itself. */
interface OwnFailure {
  readonly where: string;
  count: number;
  /** Of the first one. */
  readonly message: string;
}

/** Kinds that are told apart. */
const MAX_KINDS = 50;

/** Failures of QueryLens itself: counted, logged once for each kind, shown in the report, never thrown. */
export class OwnFailures {
  private readonly kinds = new Map<string, OwnFailure>();

  constructor(private readonly warn: (message: string) => void) {}

  readonly failed = (where: string, error: unknown): void => {
    const known = this.kinds.get(where);
    if (known !== undefined) known.count++;
    else if (this.kinds.size < MAX_KINDS) this.addKind(where, error);
  };

  list(): readonly Readonly<OwnFailure>[] {
    return [...this.kinds.values()].map((failure) => ({ ...failure }));
  }

  reset(): void {
    this.kinds.clear();
  }

  private addKind(where: string, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.kinds.set(where, { where, count: 1, message });
    try {
      this.warn(`QueryLens failed in ${where} and goes on without it: ${message}`);
    } catch {
      // A logger that throws must not make it worse.
    }
  }
}
