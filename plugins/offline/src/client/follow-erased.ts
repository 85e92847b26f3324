import type { ClientApi } from '@natter/client'

type Entry = Parameters<ClientApi['take']> extends [string, ...infer E] ? E : never
interface Told {
  readonly type: string
  readonly from: string
  readonly conversation: string
  readonly seqs?: readonly (readonly [number, number])[]
}

/** The server answers so many at once. */
const limit = 200

/** Reads again what is another since somebody was erased, so that nothing of them stays on this device, nor who they were. */
export function followErased(api: ClientApi): void {
  const read = async (conversation: string, from: number, to: number) => {
    for (let after = from - 1; after < to;) {
      const { entries } = (await api.ask('offline.page', { conversation, after, limit })) as { entries: Entry[] }
      if (entries.length === 0) return
      for (const entry of entries) {
        after = entry[0]
        if (after <= to) api.take(conversation, ...entry)
      }
    }
  }
  api.on('message', ({ type, from, conversation, seqs = [] }: Told) => {
    if (type !== 'erased' || from !== 'system') return
    // Where it is no conversation of mine any more, nothing of it is shown.
    for (const [first, last] of seqs) void read(conversation, first, last).catch(() => undefined)
    api.again()
  })
}
