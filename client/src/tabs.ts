import type { ErrorShape } from '@natter/core/contract'
import type { Sent } from './api/outbox.js'
import type { ChannelLike, Platform } from './api/platform.js'
import type { Store } from './api/store.js'
import type { Kept } from './outbox.js'

/** What tabs tell each other, as method and arguments. */
export interface TabEvents {
  queued(kept: Kept): void
  sent(key: string, sent: Sent): void
  refused(key: string, error: ErrorShape): void
  dropped(key: string): void
}
type News = { [K in keyof TabEvents]: [K, ...Parameters<TabEvents[K]>] }[keyof TabEvents]

export interface Tabs {
  /** This one sends what all have queued. */
  readonly leading: boolean
  tell(...news: News): void
  start(): void
  stop(): void
}

/**
 * Agreement between tabs on one store: one of them sends, and all learn what became of each message. Where the runtime has
 * no locks or no channel, or the store is not shared, each client sends for itself.
 */
export function createTabs(platform: Platform, store: Store, on: TabEvents & { leads(): void }): Tabs {
  const { locks, channel: open } = platform
  const name = `natter:${store.name}`
  let alone = true
  let leading = false
  let channel: ChannelLike | undefined
  let release = () => {}

  const hear = ({ data: [kind, ...parts] }: { readonly data: News }) =>
    (on[kind] as (...parts: unknown[]) => void)(...parts)

  return {
    get leading() {
      return alone || leading
    },
    tell: (...news) => channel?.postMessage(news),
    start() {
      if (!store.shared || !locks || !open) return
      alone = false
      channel = open(name)
      channel.onmessage = hear
      const waiting = new AbortController()
      const held = () => {
        leading = true
        on.leads()
        return new Promise<void>((resolve) => {
          release = resolve
        })
      }
      release = () => waiting.abort()
      locks.request(name, { signal: waiting.signal }, held).catch(() => {
        // Aborted by `stop` while it waited. Should locks be refused to us, each client sends for itself.
        if (waiting.signal.aborted) return
        alone = true
        on.leads()
      })
    },
    stop() {
      release()
      leading = false
      channel?.close()
      channel = undefined
    },
  }
}
