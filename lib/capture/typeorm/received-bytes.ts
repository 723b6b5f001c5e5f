/** The part of a query runner's connection that counts: pg has its socket one level deeper than mysql2. */
interface ConnectionShape {
  readonly stream?: { readonly bytesRead?: unknown };
  readonly connection?: { readonly stream?: { readonly bytesRead?: unknown } };
}

/** Bytes that a query runner's connection has received so far; undefined without a connection, or without a socket. */
export function receivedBytes(runner: object): number | undefined {
  const { databaseConnection } = runner as { databaseConnection?: ConnectionShape | null };
  const bytes = (databaseConnection?.connection?.stream ?? databaseConnection?.stream)?.bytesRead;
  return typeof bytes === 'number' ? bytes : undefined;
}
