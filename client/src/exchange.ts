import type { Frame } from './socket.js'

export interface Exchange {
  /** Sends what `make` returns for the next request id; `done` gets the one answer, or nothing if the connection was lost. */
  begin(make: (id: number) => string, done: (answer: Frame | undefined) => void): void
  answered(frame: Frame): void
  lost(): void
}

/** Pairs requests with their answers on one connection. */
export function createExchange(send: (text: string) => void): Exchange {
  const waiting = new Map<unknown, (answer: Frame | undefined) => void>()
  let next = 1
  return {
    begin(make, done) {
      const id = next++
      waiting.set(id, done)
      send(make(id))
    },
    answered(frame) {
      const done = waiting.get(frame[1])
      waiting.delete(frame[1])
      done?.(frame)
    },
    lost() {
      const all = [...waiting.values()]
      waiting.clear()
      next = 1
      for (const done of all) done(undefined)
    },
  }
}
