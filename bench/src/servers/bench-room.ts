import { z } from 'zod'
import { definePlugin } from '@natter/core'
import { Storage } from '@natter/core/contract'
import { roomId, text, userId } from '../names.js'

const chunk = 200

/**
 * A conversation of many people, as a plugin for groups would make it: its first entry names the members. From there on
 * everything is the way of any message: members, hooks, store, ack, delivery.
 */
export const benchRoom = definePlugin({
  name: 'bench-room',
  needs: { storage: Storage },
  config: z.object({ members: z.int().min(1), entries: z.int().min(1) }),
  setup(_api, { storage }, { members, entries }) {
    return {
      async start() {
        const users = Array.from({ length: members }, (_, i) => userId(i))
        const append = (i: number) =>
          storage.log.append({
            conversation: roomId,
            from: users[i % members]!,
            clientId: `seed-${i}`,
            at: Date.now(),
            body: JSON.stringify({ text }),
            digest: 'seeded',
            counts: true,
            ...(i === 0 ? { open: { kind: 'group', members: users } } : {}),
          })
        await append(0)
        // Many share a commit: one by one they would take longer than a plugin may take to start.
        for (let from = 1; from < entries; from += chunk) {
          await Promise.all(Array.from({ length: Math.min(chunk, entries - from) }, (_, i) => append(from + i)))
        }
      },
    }
  },
})
