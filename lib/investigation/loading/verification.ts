import type { Advice } from '../../analysis/finding.js';
import type { Candidate } from './loading-trial.js';

/** What came of trying an advice. */
export type Verification =
  /** It helps, and gives the same entities. */
  | {
      readonly kind: 'confirmed';
      readonly verified: NonNullable<Advice['verified']>;
      /** What helps is this, and not what is usually advised; `whyNot` says what that came to, where it was tried. */
      readonly instead?: NonNullable<Candidate['instead']> & { readonly whyNot?: string };
    }
  /** It does not. */
  | { readonly kind: 'withdrawn'; readonly whyNot: string }
  /** It could not be tried. */
  | { readonly kind: 'untried'; readonly whyNot: string };
