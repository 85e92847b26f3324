import { NatterErrors } from '../errors.js'
import type { Slot, SlotHolder } from './slot.js'

/**
 * A slot at a fixed place of each connection's array, which the core makes as long as there are slots.
 * Anything else throws NATTER_SERVICE_UNREADY.
 */
export function makeSlot<T>(name: string, index: number): Slot<T> {
  const placesOf = (holder: SlotHolder): unknown[] => {
    const places = (holder as SlotHolder | undefined)?.slots
    if (places !== undefined && index < places.length) return places
    throw NatterErrors.SERVICE_UNREADY({
      message: `The slot "${name}" was used on something that is not a connection of this chat.\n  Use it with connections that hooks and commands are given.`,
    })
  }
  return {
    kind: 'slot',
    name,
    get: (holder) => placesOf(holder)[index] as T | undefined,
    set(holder, value) {
      placesOf(holder)[index] = value
    },
  }
}
