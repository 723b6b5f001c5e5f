import type { ServerResponse } from 'node:http';

/** Names as Node compares them: in lower case. */
export type ResponseHeaders = Readonly<Record<string, string>>;

/**
 * Adds headers to a response at the last moment before it is sent, when its work is mostly known: by `writeHead` of this one
 * response, which every way of sending goes through. What the application sends under the same name stays, in front.
 *
 * @param response that has not been sent
 * @param headers answers what to add; when it throws, the response goes out as it was
 * @param failed takes what went wrong
 */
export function beforeHeaders(
  response: ServerResponse,
  headers: () => ResponseHeaders,
  failed: (error: unknown) => void,
): void {
  // Put back below with its own receiver.
  // eslint-disable-next-line @typescript-eslint/unbound-method
  const original = response.writeHead;
  const writeHead = function (this: ServerResponse, ...args: unknown[]): ServerResponse {
    if (response.writeHead === writeHead) response.writeHead = original;
    let sent = args;
    try {
      if (!this.headersSent) sent = withHeaders(this, args, headers());
    } catch (error) {
      failed(error);
    }
    return Reflect.apply(original, this, sent) as ServerResponse;
  };
  response.writeHead = writeHead;
}

/** Headers that are given to `writeHead` win over those set before, so ours are added there. */
function withHeaders(response: ServerResponse, args: unknown[], added: ResponseHeaders): unknown[] {
  const given = args.at(-1);
  const named = isPlain(given) ? { ...given } : {};
  for (const [name, value] of Object.entries(added)) {
    const key = Object.keys(named).find((other) => other.toLowerCase() === name);
    if (key === undefined) append(response, name, value);
    else named[key] = [named[key], value].flat().join(', ');
  }
  return isPlain(given) ? [...args.slice(0, -1), named] : args;
}

function append(response: ServerResponse, name: string, value: string): void {
  const before = response.getHeader(name);
  response.setHeader(name, before === undefined ? value : [before, value].flat().join(', '));
}

/** Not the status, its text, or the flat list of names and values that Node takes too. */
function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
