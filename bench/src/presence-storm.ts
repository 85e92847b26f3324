import { offline } from '@natter/offline'
import { presence } from '@natter/presence'
import { createTestChat, RawDevice } from '@natter/testkit'
import { allSee } from './all-see.js'
import { cpuOf } from './cpu-of.js'
import { address, userId } from './names.js'

// The process of a storm: everybody watches others, and all change within the same second.

export interface StormPlan {
  readonly people: number
  /** How many others each of them watches. */
  readonly watched: number
}
export interface StormTold {
  /** CPU time for telling one person of one change, µs. */
  readonly told: number
  /** Frames that each connection got for all of it. */
  readonly frames: number
}

async function storm({ people, watched }: StormPlan): Promise<StormTold> {
  const ends: (() => unknown)[] = []
  const plugins = [offline(), presence(), allSee()]
  const { chat, clock } = await createTestChat({ teardown: (end) => void ends.push(end) }, { plugins })
  const devices = await Promise.all(
    Array.from({ length: people }, async (_, i) => {
      const device = RawDevice.connect(chat as never, { ip: address(i) })
      await device.hello({ token: userId(i) })
      return device
    }),
  )
  for (const [i, each] of devices.entries()) {
    await each.request('presence.watch', {
      users: Array.from({ length: watched }, (_, k) => userId((i + 1 + k) % people)),
    })
  }
  await clock.advance(2_000)
  const before = devices.map(({ frames }) => frames.length)
  const cpu = await cpuOf(async () => {
    await Promise.all(devices.map((each) => each.request('presence.set', { mode: 'dnd' })))
    await clock.advance(1_500)
  })
  const heard = devices.flatMap(({ frames }, i) =>
    frames.slice(before[i]).filter(([kind, name]) => kind === 'e' && name === 'presence.changed'),
  )
  const changes = heard.reduce((sum, [, , data]) => sum + (data as { readonly people: unknown[] }).people.length, 0)
  if (changes !== people * watched) throw new Error(`${changes} changes were told, not ${people * watched}`)
  for (const end of ends.reverse()) await end()
  return { told: cpu / changes, frames: heard.length / people }
}

process.once('disconnect', () => process.exit())
process.send!(await storm(JSON.parse(process.argv[2]!) as StormPlan))
