/** Something that a part of a run needs is not on this machine. The message says what, and what to do. */
export class Lacking extends Error {}
