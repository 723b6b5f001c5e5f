/** Bundled by esbuild into one style sheet. */
declare module '*.css';
