import type { OwnSettings } from '@natter/offline/client'
import type { ReadonlySignal } from '@preact/signals'
import type { Chat } from './connect-chat.js'
import type { Drafts } from './drafts.js'

/** So long after the last key a draft is sent to the person's other devices, ms. */
const pause = 1_500

/**
 * Keeps drafts the same on all devices of a person. What is being written here is never replaced by what comes from elsewhere:
 * that is taken only where this device has nothing of its own that the server does not know.
 */
export function shareDrafts(
  { offline, status }: Pick<Chat, 'offline' | 'status'>,
  drafts: Drafts,
  own: ReadonlySignal<OwnSettings>,
): () => void {
  const timers = new Map<string, ReturnType<typeof setTimeout>>()
  const underway = new Set<string>()
  /** What was sent at this version may not be among the settings yet: until then they say what was before. */
  const awaited = new Map<string, number>()

  const local = (id: string) => {
    const text = drafts.of(id).peek()
    return text.trim() ? text : ''
  }

  async function send(id: string) {
    const text = local(id)
    if (text === drafts.shared(id) || underway.has(id) || status.get().link !== 'online') return
    underway.add(id)
    try {
      const { version } = await offline.set({ conversation: id, draft: text })
      awaited.set(id, version)
      drafts.share(id, text)
    } catch {
      // No such conversation yet, or too long: it stays on this device.
      return
    } finally {
      underway.delete(id)
    }
    look(id)
    if (local(id) !== text) later(id)
  }
  function later(id: string) {
    clearTimeout(timers.get(id))
    timers.set(
      id,
      setTimeout(() => void send(id), pause),
    )
  }
  /** Takes what another device wrote. */
  function look(id: string) {
    const setting = own.peek().settings[id]
    const theirs = setting?.draft ?? ''
    const version = awaited.get(id)
    // Where nothing is set there is no version.
    const told = version === undefined || (setting ? setting.version >= version : drafts.shared(id) === '')
    if (underway.has(id) || !told) return
    awaited.delete(id)
    if (theirs === drafts.shared(id)) return
    if (local(id) === drafts.shared(id)) drafts.take(id, theirs)
    else later(id)
    drafts.share(id, theirs)
  }

  drafts.onWritten(later)
  const stop = own.subscribe(({ ready, settings }) => {
    if (!ready) return
    const ids = new Set([...Object.keys(settings), ...drafts.allShared()])
    for (const id of ids) look(id)
  })
  let online = false
  const stopStatus = status.subscribe(() => {
    const was = online
    online = status.get().link === 'online'
    if (online && !was) for (const id of timers.keys()) later(id)
  })
  return () => {
    stop()
    stopStatus()
    for (const timer of timers.values()) clearTimeout(timer)
  }
}
