/** What a command may use of the process around it; a test gives its own. */
export interface CommandHost {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Width of the terminal; undefined where the output is none. */
  readonly columns?: number;
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
  readonly fetch: typeof fetch;
}

/** One word after `query-lens`: a line of the help, and the work. */
export interface Command {
  readonly name: string;
  /** One line. */
  readonly summary: string;
  /** All of `query-lens <name> --help`. */
  readonly help: string;
  /**
   * @returns the exit code: one of {@link EXIT}
   * @throws UsageError for arguments it cannot use, CommandError for what it could not do
   */
  run(args: readonly string[], host: CommandHost): Promise<number>;
}

/** Exit codes; scripts may rely on them. */
export const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/** The command was called wrongly; its help is shown. */
export class UsageError extends Error {}

/** The command could not do its work; the message says what happened and what to do. */
export class CommandError extends Error {}
