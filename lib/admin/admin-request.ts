/** What is read of a request; Express and Fastify agree on it. */
export interface AdminRequest {
  readonly method?: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly socket?: {
    readonly remoteAddress?: string;
    readonly encrypted?: boolean;
    /** Not on a stream of HTTP/2. */
    destroySoon?(): void;
  };
}

/** A header that is there once; a list of them counts as none. */
export function headerOf({ headers }: AdminRequest, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** Who asks: the other end of the connection. Behind a proxy that is the proxy. */
export function addressOf({ socket }: AdminRequest): string {
  return socket?.remoteAddress ?? '';
}

/** Whether the browser speaks TLS, to this process or to a proxy in front of it. */
export function isSecure(request: AdminRequest): boolean {
  return request.socket?.encrypted === true || headerOf(request, 'x-forwarded-proto') === 'https';
}
