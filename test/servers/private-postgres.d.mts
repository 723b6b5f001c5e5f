export interface PrivateServer {
  readonly port: number;
  readonly url: string;
  stop(): Promise<void>;
  /** Process of the server. */
  pid(): number | undefined;
  /** Ends it; {@link restart} starts it again on the same port, with its data. */
  halt(): Promise<void>;
  restart(): Promise<void>;
}

export function startPostgres(programs: string): Promise<PrivateServer>;
export function startPostgresReplica(programs: string, primary: PrivateServer): Promise<PrivateServer>;
