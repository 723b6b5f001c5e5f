import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { DataFiles } from '../../../lib/shadow/data-files.js';
import type { ProductionStatistics } from '../../../lib/shadow/production-statistics.js';
import { ShadowDatabase } from '../../../lib/shadow/shadow-database.js';

/** A shadow on disk; its files go with it. */
export async function openShadow(
  production: ProductionStatistics,
): Promise<{ readonly shadow: ShadowDatabase; close(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'query-lens-shadow-'));
  const shadow = await ShadowDatabase.open(
    await PGlite.create(directory),
    new DataFiles(directory),
    production,
  );
  return {
    shadow,
    close: async () => {
      await shadow.close();
      await rm(directory, { recursive: true });
    },
  };
}
