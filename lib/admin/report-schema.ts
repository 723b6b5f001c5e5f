/** As much of a JSON Schema as is used of it. */
export interface ReportSchema {
  readonly properties: Readonly<Record<string, object>>;
  readonly $defs: Readonly<Record<string, object>>;
}

/** Empty in the sources: `npm run build` writes `schema/report@1.json` into the built file (scripts/build-assets.mjs). */
export const REPORT_SCHEMA: ReportSchema = { properties: {}, $defs: {} };
