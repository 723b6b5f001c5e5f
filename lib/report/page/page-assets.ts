/** The front end of the admin page, bundled: one script and one style sheet. */
export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

/**
 * Empty in the sources: `npm run build` makes it from `page/` and writes it into the built file (scripts/build-assets.mjs),
 * so that the page is found the same way in ES modules, in CommonJS and in bundles of the host.
 */
export const PAGE_ASSETS: PageAssets = { script: '', style: '' };
