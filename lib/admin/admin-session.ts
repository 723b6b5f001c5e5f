import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

const COOKIE = 'query-lens-session';
const LASTS_MS = 12 * 3_600_000;

/**
 * Who knows the token, and who has shown that they do. A session is the time of its end, signed with a key made of the
 * token: nothing is kept, every instance of the application knows it, and another token ends it.
 */
export class AdminSession {
  readonly #digest: Buffer;
  readonly #key: Buffer;

  constructor(token: string) {
    this.#digest = digestOf(token);
    this.#key = createHmac('sha256', token).update('nestjs-query-lens session').digest();
  }

  /** Digests are compared: equally long, and in constant time. */
  isToken(given: string): boolean {
    return timingSafeEqual(digestOf(given), this.#digest);
  }

  /**
   * The `Set-Cookie` of a new session. Without `Path` it is sent to what stands beside the route that set it, whatever
   * prefix a proxy has put in front.
   */
  begin(nowMs: number, isSecure: boolean): string {
    const end = String(nowMs + LASTS_MS);
    return cookie(`${end}.${this.signatureOf(end)}`, LASTS_MS / 1_000, isSecure);
  }

  /** The `Set-Cookie` that ends it in this browser. */
  end(isSecure: boolean): string {
    return cookie('', 0, isSecure);
  }

  /** Whether a `Cookie` header holds a session that lasts. */
  isOpen(cookies: string | undefined, nowMs: number): boolean {
    const value = valueOf(cookies ?? '');
    const [, end = '', signature = ''] = /^(\d{1,15})\.([\w-]{43})$/.exec(value) ?? [];
    const isOurs = timingSafeEqual(digestOf(signature), digestOf(this.signatureOf(end)));
    return isOurs && Number(end) > nowMs;
  }

  private signatureOf(end: string): string {
    return createHmac('sha256', this.#key).update(end).digest('base64url');
  }
}

function cookie(value: string, seconds: number, isSecure: boolean): string {
  const secure = isSecure ? '; Secure' : '';
  return `${COOKIE}=${value}; Max-Age=${String(seconds)}; HttpOnly; SameSite=Strict${secure}`;
}

function valueOf(cookies: string): string {
  const found = cookies.split(';').find((part) => part.trim().startsWith(`${COOKIE}=`));
  return found === undefined ? '' : found.trim().slice(COOKIE.length + 1);
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
