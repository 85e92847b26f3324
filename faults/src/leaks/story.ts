import { setImmediate } from 'node:timers/promises'
import type { Violation } from '../checks/violation.js'
import { Random } from '../random.js'
import { groupSteps } from './group-steps.js'
import { looks } from './looks.js'
import { relationSteps } from './relation-steps.js'
import { Room } from './room.js'
import { talkSteps } from './talk-steps.js'
import { names, World } from './world.js'

export const stepsOfOne = 60

type Step = (world: World) => Promise<void>
const steps: readonly (readonly [often: number, step: Step])[] = [
  ...talkSteps,
  ...relationSteps,
  ...groupSteps,
  ...looks,
]
const bag = steps.flatMap(([often, step]) => Array.from({ length: often }, () => step))

/** What a random history showed. */
export interface Story {
  readonly violations: readonly Violation[]
  readonly words: number
  readonly ok: number
  readonly refused: number
  readonly frames: number
  /** Messages that have disappeared at their time. */
  readonly expired: number
}

/** A group that anybody may enter, with most of them in it. */
async function gather(world: World): Promise<void> {
  const history = world.random.pick(['join', 'start'] as const)
  const settings = { name: 'All', door: 'open', history }
  const answer = await world.ask(names[0], 'groups.create', { key: world.key(), settings })
  if ('no' in answer) return
  const room = new Room(answer.ok['group'] as string, 'group')
  room.history = history
  world.rooms.push(room)
  room.enter(names[0], 0)
  for (const name of names.slice(1, 4))
    if ('ok' in (await world.ask(name, 'groups.join', { group: room.id }))) room.enter(name, 0)
}

/**
 * Sixty steps of six people, chosen by the seed. Behind each step all that every device received is held against what its
 * person may see, by the membership, the history policy, the relations and the settings as they are then.
 */
export async function story(seed: string): Promise<Story> {
  const random = new Random(seed)
  const { world, close } = await World.open(random)
  try {
    for (const name of names) await world.ask(name, 'presence.watch', { users: names })
    // Some know each other, so that there is something to lose.
    for (const [one, other] of [names.slice(0, 2), names.slice(1, 3)] as [string, string][]) {
      await world.ask(one, 'friends.request', { user: other })
      if ('ok' in (await world.ask(other, 'friends.accept', { user: one }))) world.circle.befriend(one, other)
    }
    await gather(world)
    for (world.step = 1; world.step <= stepsOfOne && !world.leaked; world.step++) {
      const step = random.pick(bag)
      world.doing = step.name
      world.letDisappear()
      world.words.begin(names)
      await step(world)
      // What is told together is told within a second.
      if (random.chance(0.8)) await world.clock.advance(random.between(1_000, 20_000))
      for (let i = 0; i < 4; i++) await setImmediate()
      for (const name of names) world.look(name)
    }
    const { violations, counts } = world
    const { ok, no: refused, frames, expired } = counts
    return { violations, words: world.words.list().length, ok, refused, frames, expired }
  } finally {
    await close()
  }
}
