/** Shows an intersection as one object, so that hovers and errors stay readable. */
export type Flat<T> = { [K in keyof T]: T[K] } & {}

/** A value, or a promise of one: whatever takes it stays synchronous until a promise really comes. */
export type Awaitable<T> = T | Promise<T>

/** A name with at least one dot: `plugin.verb`. */
export type Dotted = `${string}.${string}`
