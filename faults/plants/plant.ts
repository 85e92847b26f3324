/** A change of a module's compiled source. It must fit exactly once. */
export interface Patch {
  /** As `@natter/offline/dist/plugin.js`. */
  readonly module: string
  readonly find: string
  readonly replace: string
}

/** A bug on purpose. It lives in the memory of the processes of one run: no file of a package is changed. */
export interface Plant {
  readonly name: string
  /** What is wrong with it, as somebody could have written it. */
  readonly bug: string
  /** The promise that it breaks. */
  readonly breaks: string
  /** Which of the checks shows it. */
  readonly shownBy:
    'kills' | 'timed kills' | 'restored store' | 'clock jumps' | 'slow consumers' | 'power cuts' | 'leaks'
  readonly patches: readonly Patch[]
}

/** Names the plant of a run to all of its processes. */
export const plantVariable = 'NATTER_FAULTS_PLANT'
