/** A promise that was broken: which, and what shows it. */
export interface Violation {
  /** `I1` … `I13` of the design, or `all sent` for what a client was given and never sent. */
  readonly invariant: string
  readonly what: string
  /** For the figures: an acknowledged message that is gone, one that is there twice, a seq that is not there. */
  readonly counts?: 'lost' | 'duplicated' | 'gap'
}

export const violation = (invariant: string, what: string, counts?: Violation['counts']): Violation =>
  counts === undefined ? { invariant, what } : { invariant, what, counts }
