import { signal } from '@preact/signals'
import type { ReadonlySignal, Signal } from '@preact/signals'
import type { Kept } from './kept.js'

/** What was written and not sent, per conversation, over reloads. */
export interface Drafts {
  of(conversation: string): ReadonlySignal<string>
  /** The person wrote it here. */
  set(conversation: string, text: string): void
  /** It was written on another device. */
  take(conversation: string, text: string): void
  /** Calls back with what the person wrote here. */
  onWritten(listener: (conversation: string, text: string) => void): void
  /** What the server and this device both had last. */
  shared(conversation: string): string
  share(conversation: string, text: string): void
  /** The conversations of which the server has a draft, as far as this device knows. */
  allShared(): readonly string[]
  clear(): void
}

export function openDrafts(kept: Kept, user: string): Drafts {
  const prefix = `natter.draft.${user}.`
  const sharedPrefix = `natter.shared.${user}.`
  const known = new Map<string, Signal<string>>()
  const listeners: ((conversation: string, text: string) => void)[] = []
  const draft = (conversation: string) => {
    const found = known.get(conversation) ?? signal(kept.get<string>(prefix + conversation) ?? '')
    known.set(conversation, found)
    return found
  }
  const keep = (key: string, text: string) => (text.trim() ? kept.set(key, text) : kept.remove(key))
  const put = (conversation: string, text: string) => {
    draft(conversation).value = text
    keep(prefix + conversation, text)
  }
  return {
    of: draft,
    set(conversation, text) {
      put(conversation, text)
      for (const listener of listeners) listener(conversation, text)
    },
    take: put,
    onWritten: (listener) => void listeners.push(listener),
    shared: (conversation) => kept.get<string>(sharedPrefix + conversation) ?? '',
    share: (conversation, text) => keep(sharedPrefix + conversation, text),
    allShared: () => kept.keys(sharedPrefix).map((key) => key.slice(sharedPrefix.length)),
    clear() {
      for (const key of [...kept.keys(prefix), ...kept.keys(sharedPrefix)]) kept.remove(key)
      for (const text of known.values()) text.value = ''
    },
  }
}
