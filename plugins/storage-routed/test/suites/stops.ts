/** What ends behind the tests of this process. */
export const stops: (() => Promise<void>)[] = []
