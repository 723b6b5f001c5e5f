import type { QueryError } from '../record/query-record.js';

/** `ECONNREFUSED`, `PROTOCOL_CONNECTION_LOST` */
const CODE = /^[A-Z][A-Z0-9_]{2,63}$/;
const CLASS_NAME = /^[A-Za-z_$][\w$.]{0,63}$/;

/**
 * `error.type`: what the server answered; where it did not answer, the driver's code for what happened, else the class of
 * its error; `_OTHER` for anything that might be many. TypeORM's wrapper never counts.
 */
export function errorType({ status, code, type }: QueryError): string {
  if (status !== undefined) return status;
  if (code !== undefined && CODE.test(code)) return code;
  return CLASS_NAME.test(type) ? type : '_OTHER';
}
