import type { Group } from '@natter/groups/contract'
import { computed, signal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import type { Kept } from './kept.js'
import type { Readable } from './readable.js'

/** What is remembered of a group, so that it has its name without a connection. */
export interface Room {
  readonly name: string
  readonly avatar: string
}

/** Groups by the id of their conversation: each is asked for when it is first shown, and followed from then on. */
export interface Rooms {
  /** A group as it is for me; nothing while the server has not told, and where I am not in it. */
  of(id: string): ReadonlySignal<Group | undefined>
  /** How it is called, as far as that was ever known. */
  named(id: string): Room | undefined
  clear(): void
}

export function openRooms(kept: Kept, user: string, of: (id: string) => Readable<Group | undefined>): Rooms {
  const prefix = `natter.room.${user}.`
  const known = new Map<string, ReadonlySignal<Group | undefined>>()

  function follow(id: string): ReadonlySignal<Group | undefined> {
    const source = of(id)
    const group = signal(source.get())
    source.subscribe(() => {
      group.value = source.get()
      if (!group.value) return
      const { name, avatar } = group.value.settings
      kept.set(prefix + id, { name, avatar } satisfies Room)
    })
    return computed(() => group.value)
  }
  const group = (id: string) => {
    const found = known.get(id) ?? follow(id)
    known.set(id, found)
    return found
  }
  return {
    of: group,
    named: (id) => group(id).value?.settings ?? kept.get<Room>(prefix + id),
    clear() {
      for (const key of kept.keys(prefix)) kept.remove(key)
      known.clear()
    },
  }
}
