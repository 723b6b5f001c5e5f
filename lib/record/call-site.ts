/** A place in the user's code. */
export interface CallSite {
  /** Relative to the working directory, with forward slashes; the source file where a source map says so. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** `AuthorsService.list`, or `<anonymous>`. */
  readonly function: string;
}

/** `authors.service.ts:42 in AuthorsService.list` */
export function describeCallSite(site: CallSite): string {
  const name = site.file.slice(site.file.lastIndexOf('/') + 1);
  return `${name}:${site.line} in ${site.function}`;
}

/** Two statements came from the same place when file, line and column agree. */
export function callSiteKey(site: CallSite): string {
  return `${site.file}:${site.line}:${site.column}`;
}

/** Each place once, in the order of its first. */
export function distinctCallSites(sites: readonly CallSite[]): readonly CallSite[] {
  return [...new Map(sites.map((site) => [callSiteKey(site), site])).values()];
}
