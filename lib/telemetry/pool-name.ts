import type { DatabaseTarget } from '../record/live-tracer.js';
import { namespaceOf } from './namespace.js';

/** As the convention makes it up for pools without a name. */
export function poolName(target: DatabaseTarget): string {
  const { address, port, defaultPort } = target;
  const server = address === undefined ? '' : `${address}:${String(port ?? defaultPort)}`;
  return [server, namespaceOf(target)].filter((part) => part !== undefined && part !== '').join('/');
}
