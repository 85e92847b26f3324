import { signal } from '@preact/signals'
import type { ReadonlySignal, Signal } from '@preact/signals'
import type { Kept } from './kept.js'

/** What was written and not sent, per conversation, over reloads. */
export interface Drafts {
  of(conversation: string): ReadonlySignal<string>
  set(conversation: string, text: string): void
  clear(): void
}

export function openDrafts(kept: Kept, user: string): Drafts {
  const prefix = `natter.draft.${user}.`
  const known = new Map<string, Signal<string>>()
  const draft = (conversation: string) => {
    const found = known.get(conversation) ?? signal(kept.get<string>(prefix + conversation) ?? '')
    known.set(conversation, found)
    return found
  }
  return {
    of: draft,
    set(conversation, text) {
      draft(conversation).value = text
      if (text.trim()) kept.set(prefix + conversation, text)
      else kept.remove(prefix + conversation)
    },
    clear() {
      for (const key of kept.keys(prefix)) kept.remove(key)
      for (const text of known.values()) text.value = ''
    },
  }
}
