import { writeFileSync } from 'node:fs';
import type { Check } from './check.js';
import { seen } from './checks.js';
import type { RunningHost } from './running-host.js';

const results: { name: string; error?: string }[] = [];

/** Runs a check, remembers how it ended, and lets its error go on. */
export async function runCheck(check: Check, host: RunningHost | undefined): Promise<void> {
  try {
    if (host === undefined) throw new Error('The application did not start.');
    await check.run(host);
    results.push({ name: check.name });
  } catch (error) {
    results.push({ name: check.name, error: error instanceof Error ? error.message : String(error) });
    throw error;
  }
}

/** For the program that started this one. */
export function writeResults(): void {
  const file = process.env['QUERY_LENS_COMPATIBILITY_RESULTS'] ?? 'results.json';
  writeFileSync(file, JSON.stringify({ node: process.version, results, report: seen.report }));
}
