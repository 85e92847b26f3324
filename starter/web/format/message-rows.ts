import { sameDay } from './dates.js'

interface Shown {
  readonly key: string
  readonly from: string
  readonly own: boolean
  readonly seq: number
  readonly at: number
}

/** A line of a conversation. `first` and `last`: of a group that one person wrote in one go. */
export type Row<M> =
  | { readonly kind: 'day'; readonly key: string; readonly at: number }
  | { readonly kind: 'unread'; readonly key: string }
  /** Something that happened, told by the system. */
  | { readonly kind: 'event'; readonly key: string; readonly message: M }
  | {
      readonly kind: 'message'
      readonly key: string
      readonly message: M
      readonly first: boolean
      readonly last: boolean
    }

/** A pause that ends a group, ms. */
const pause = 5 * 60_000

/** Whom the server's own entries are from. */
const system = 'system'

const together = (a: Shown | undefined, b: Shown | undefined) =>
  a !== undefined && b !== undefined && a.from === b.from && b.at - a.at < pause && sameDay(a.at, b.at)

/** Puts days between messages, and a line before the first of others that is newer than `read`. */
export function messageRows<M extends Shown>(messages: readonly M[], read: number | undefined): readonly Row<M>[] {
  const rows: Row<M>[] = []
  const unread =
    read === undefined ? undefined : messages.find(({ own, seq, from }) => !own && from !== system && seq > read)
  messages.forEach((message, index) => {
    const [before, after] = [messages[index - 1], messages[index + 1]]
    const day = !before || !sameDay(before.at, message.at)
    if (day) rows.push({ kind: 'day', key: `day ${message.key}`, at: message.at })
    if (message === unread) rows.push({ kind: 'unread', key: 'unread' })
    if (message.from === system) rows.push({ kind: 'event', key: message.key, message })
    else
      rows.push({
        kind: 'message',
        key: message.key,
        message,
        first: message === unread || !together(before, message),
        last: (after !== undefined && after === unread) || !together(message, after),
      })
  })
  return rows
}
