import { existsSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** PostgreSQL's BLCKSZ. */
export const PAGE_BYTES = 8_192;
/** PostgreSQL's RELSEG_SIZE: pages in one file; what is larger goes on in `<file>.1`, `<file>.2`, ... */
const SEGMENT_PAGES = 131_072;

/** The files of a database that nobody else uses. */
export class DataFiles {
  constructor(private readonly directory: string) {}

  /**
   * Gives a table or index as many pages as it has in production. The planner asks the file for its length and reads none
   * of the pages; the file is sparse and takes no space on disk.
   *
   * @param path - as `pg_relation_filepath()` gives it
   */
  resize(path: string, pages: number): void {
    const segments = Math.max(1, Math.ceil(pages / SEGMENT_PAGES));
    for (let segment = 0; segment < segments; segment++) {
      const file = this.segment(path, segment);
      if (!existsSync(file)) writeFileSync(file, '');
      truncateSync(file, Math.min(pages - segment * SEGMENT_PAGES, SEGMENT_PAGES) * PAGE_BYTES);
    }
    for (let segment = segments; existsSync(this.segment(path, segment)); segment++)
      rmSync(this.segment(path, segment));
  }

  private segment(path: string, segment: number): string {
    return join(this.directory, segment === 0 ? path : `${path}.${String(segment)}`);
  }
}
