/** The command cannot be understood. */
export class UsageError extends Error {}

/** What was asked for cannot be done, in words for whoever asked. */
export class CopyError extends Error {}
