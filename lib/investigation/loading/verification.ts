import type { Advice } from '../../analysis/finding.js';

/** What came of trying an advice. */
export type Verification =
  /** It helps, and gives the same entities. */
  | { readonly kind: 'confirmed'; readonly verified: NonNullable<Advice['verified']> }
  /** It does not. */
  | { readonly kind: 'withdrawn'; readonly whyNot: string }
  /** It could not be tried. */
  | { readonly kind: 'untried'; readonly whyNot: string };
