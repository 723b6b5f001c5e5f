/** The last number given out of each kind; unique in the process, whichever copy of the package asks. */
export interface Numbering {
  runners: number;
  transactions: number;
  batches: number;
}
