import { definePlugin, Secrets } from '@natter/core'
import { Storage } from '@natter/core/contract'

interface Inside {
  readonly storage: Storage
  readonly secrets: Secrets
}

/** A plugin that gives what a chat is made with to who measures it, once the chat is there. */
export function lookIn() {
  let made: Inside | undefined
  const plugin = definePlugin({
    name: 'bench-look-in',
    needs: { storage: Storage, secrets: Secrets },
    setup(_api, services) {
      made = services
    },
  })
  return { plugin: plugin(), inside: () => made! }
}
