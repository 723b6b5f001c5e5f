import { randomUUID } from 'node:crypto';
import type { Report } from './report/report.js';
import { VERSION } from './version.js';

/** Who reports: this process. */
export const INSTANCE: Report['instance'] = {
  id: randomUUID(),
  pid: process.pid,
  node: process.version,
  version: VERSION,
};
