import { InTurn, NatterErrors, newId } from '@natter/core'
import type { Clock, Conversations } from '@natter/core'
import { NatterError } from '@natter/core/contract'
import type { Append, Storage } from '@natter/core/contract'
import type { Happening } from './contract.js'
import type { Room } from './room.js'
import { isGroup } from './rooms.js'
import type { Rooms, Standing } from './rooms.js'

/** Where an act begins: the group as it is, and who of the two is in it. */
export interface Scene {
  readonly group: string
  readonly room: Room
  readonly me: string
  /** I am a member. */
  readonly inside: boolean
  /** I was one. */
  readonly left: boolean
  /** The other person is a member. */
  readonly otherInside: boolean
  /** How many are in it, as this node last saw it. */
  readonly size: number
  readonly now: number
}
/** What an act comes to in a scene; nothing where all is as it should be. @throws the refusal */
export type Judgement = (scene: Scene) => Happening | undefined

interface ActsParts {
  readonly conversations: Conversations
  readonly storage: Pick<Storage, 'log'>
  readonly rooms: Rooms
  readonly clock: Clock
}

/** Who acts in which group, and on whom. */
export interface Actors {
  readonly group: string
  readonly me: string
  readonly other?: string | undefined
  /** Somebody may come in by it: how many are there must be so at the version it is judged at. */
  readonly entering?: boolean
}

const mostTries = 200
/** So many are put out of a dissolved group by one entry. */
const closedAtOnce = 500

type MembersChange = NonNullable<Append['members']>

/** Acts in groups: each judges what is, and is stored only if it still is when it takes its place in the log. */
export class Acts {
  readonly #parts: ActsParts
  readonly #turns = new InTurn()

  constructor(parts: ActsParts) {
    this.#parts = parts
  }

  /** What is there for one who may see it. @throws NATTER_NOT_FOUND for who is no member and for what is no group */
  async see(group: string, me: string): Promise<{ readonly standing: Standing; readonly scene: Scene }> {
    const { scene, standing } = await this.#look({ group, me })
    if (scene.inside && scene.room.dissolved) await this.close(group)
    if (!scene.inside || scene.room.dissolved) throw NatterErrors.NOT_FOUND()
    return { scene, standing }
  }

  /** Acts, judged again whenever something else came first. @throws what the judgement throws, NATTER_NOT_FOUND, STORAGE_… */
  async act(actors: Actors, judge: Judgement): Promise<Standing> {
    return this.#turns.run(actors.group, async () => {
      for (let tries = 0; tries < mostTries; tries++) {
        const done = await this.#try(actors, judge)
        if (done) return done
      }
      throw NatterErrors.BUSY()
    })
  }

  /** Puts everybody out of a group that was dissolved, some at a time; what was begun before is gone on with. */
  async close(group: string): Promise<void> {
    const { conversations, rooms } = this.#parts
    await this.#turns.run(group, async () => {
      for (let tries = 0; tries < mostTries;) {
        const members = await conversations.members(group)
        const before = members && (await rooms.at(group, members.version))
        if (!members || !before?.room.dissolved || members.users.length === 0) return
        const leave = firstOf(members.users, closedAtOnce)
        if (!(await this.#store(group, { what: 'closed' }, before, members.version, { leave }))) tries += 1
      }
      throw NatterErrors.BUSY()
    })
  }

  async #try(actors: Actors, judge: Judgement): Promise<Standing | undefined> {
    const { scene, standing, version } = await this.#look(actors)
    if (version === undefined) return undefined
    const event = judge(scene)
    if (!event) return standing
    return this.#store(actors.group, event, standing, version, changeOf(event, scene))
  }

  async #look({ group, me, other, entering }: Actors) {
    const { storage, rooms, clock } = this.#parts
    const { log } = storage
    const [mine, theirs] = await Promise.all([
      log.state(me, group),
      other === undefined || other === me ? undefined : log.state(other, group),
    ])
    const head = mine && !mine.me.left ? mine : await log.head(group)
    if (!head || !isGroup(head.kind)) throw NatterErrors.NOT_FOUND()
    const standing = await rooms.at(group, head.version)
    if (!standing) throw NatterErrors.NOT_FOUND()
    const inside = mine !== undefined && !mine.me.left
    const otherInside = other === me ? inside : theirs !== undefined && !theirs.me.left
    const scene: Scene = {
      group,
      room: standing.room,
      me,
      inside,
      left: mine?.me.left === true,
      otherInside,
      size: await this.#size(group, entering ? head.version : undefined),
      now: clock.now(),
    }
    // All of it was read at one version, or it is read again.
    const together = [mine, theirs].every((state) => state === undefined || state.version === head.version)
    return { scene, standing, version: together && standing.version === head.version ? head.version : undefined }
  }

  /** How many are in it, as this node last saw it; with a version, as it is at that one. */
  async #size(group: string, version: number | undefined): Promise<number> {
    const { conversations, storage } = this.#parts
    const seen = await conversations.members(group)
    if (version === undefined || seen?.version === version) return seen?.users.length ?? 0
    const read = await storage.log.membership(group)
    return read?.members.filter(({ left }) => !left).length ?? 0
  }

  async #store(
    group: string,
    event: Happening,
    before: Standing,
    judgedAt: number,
    members: MembersChange,
  ): Promise<Standing | undefined> {
    const version = judgedAt + (members.leave?.length ?? 0) + (members.join?.length ?? 0)
    const body = { type: 'group', event, version, before: before.seq }
    try {
      const ack = await this.#parts.conversations.append(group, { body, cause: newId(), members, judgedAt })
      if (ack.durability !== 'committed') throw NatterErrors.NOT_FOUND()
      const { seq, at } = ack
      return await this.#parts.rooms.happened(group, before, { seq, at, version, before: before.seq, event })
    } catch (error) {
      if (NatterError.is(error) && error.code === NatterErrors.STALE.code) return undefined
      throw error
    }
  }
}

/**
 * Who comes and goes with an event. Where nobody does, the owner, who is always there, joins once more: that raises the
 * version, so that whatever was judged before the event is judged again.
 */
function changeOf(event: Happening, { room: { owner, settings }, inside, otherInside }: Scene): MembersChange {
  switch (event.what) {
    case 'joined':
      return { join: [{ user: event.user, ...(settings.history === 'start' && { floor: 0 }) }] }
    case 'left':
    case 'kicked':
      return { leave: [event.user] }
    case 'erased':
      return inside ? { leave: [event.user] } : { join: [{ user: owner }] }
    case 'banned':
      // Of who was never there nobody goes, and they are told nothing.
      return otherInside ? { leave: [event.user] } : { join: [{ user: owner }] }
    default:
      return { join: [{ user: owner }] }
  }
}

function firstOf(users: Iterable<string>, most: number): readonly string[] {
  const first: string[] = []
  for (const user of users) {
    if (first.length === most) break
    first.push(user)
  }
  return first
}
