import type { Append, Appended, Storage } from '@natter/core/contract'

const writeBehindMs = 30

/** Acknowledges from memory and writes a little later, like a cache that writes behind. */
export function earlyAck(storage: Storage): Storage {
  const heads = new Map<string, number>()
  const seen = new Map<string, Appended>()
  const append = async (given: Append): Promise<Appended> => {
    const key = `${given.conversation}/${given.from}/${given.clientId}`
    const head = heads.get(given.conversation)
    const known = seen.get(key)
    if (known) return known
    if (head === undefined) {
      const stored = await storage.log.append(given)
      if ('seq' in stored) heads.set(given.conversation, (await storage.log.head(given.conversation))!.seq)
      return stored
    }
    const seq = head + 1
    heads.set(given.conversation, seq)
    setTimeout(() => void storage.log.append(given), writeBehindMs)
    const promised: Appended = { status: 'appended', seq, n: seq, at: given.at }
    seen.set(key, promised)
    return promised
  }
  return withLog(storage, { append })
}

/** Answers a retry with the seq that a new message would get. */
export function newSeqForRetry(storage: Storage): Storage {
  return withLog(storage, {
    async append(given) {
      const stored = await storage.log.append(given)
      if (stored.status !== 'duplicate') return stored
      return { ...stored, seq: (await storage.log.head(given.conversation))!.seq + 1 }
    },
  })
}

function withLog(storage: Storage, own: Partial<Storage['log']>): Storage {
  const log = new Proxy({} as Storage['log'], {
    get: (_, name) => {
      const mine = own[name as keyof typeof own]
      if (mine) return mine
      const { log } = storage
      return (log[name as keyof typeof log] as (...args: unknown[]) => unknown).bind(log)
    },
  })
  return new Proxy({} as Storage, {
    get: (_, name) => {
      if (name === 'log') return log
      const value: unknown = storage[name as keyof Storage]
      return typeof value === 'function' ? (value.bind(storage) as unknown) : value
    },
  })
}
