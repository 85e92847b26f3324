import type { ActedMessage } from '@natter/actions/client'
import type { Device } from './halves.js'
import type { Scene } from './scene.js'

type Plain = Readonly<Record<string, unknown>>
/** What a device has, as far as it does not depend on the device. */
export type State = Plain

const absent = () => undefined
/** Of what is kept by what it belongs to: each asked for. */
async function byEach<T>(keys: readonly string[], of: (key: string) => Promise<T> | T): Promise<Record<string, T>> {
  const found: Record<string, T> = {}
  for (const key of keys) found[key] = await of(key)
  return found
}

/** Begins to follow all that is compared, as an app does that shows it. */
export function watch(device: Device, scene: Scene): void {
  for (const place of scene.places) {
    device.conversation(place).messages.subscribe(absent)
    device.actions.removedIn(place)
    device.presence.writers(place)
  }
  for (const group of scene.groups) device.groups.of(group)
  device.groups.invited()
  device.actions.scheduledMessages()
  for (const user of scene.seen) device.presence.of(user).subscribe(absent)
}

/** What a device holds that was there: by what it was given at some time, and what it has heard since. */
export async function held(device: Device, scene: Scene): Promise<State> {
  const { actions, groups, presence, app } = device
  return {
    ...(await shared(device, scene, async (place) => actions.removedIn(place).get())),
    groups: await byEach(scene.groups, (group) => groups.of(group).get()),
    invited: groups.invited().get(),
    scheduled: actions.scheduledMessages().get(),
    presence: await byEach(scene.seen, (user) => presence.of(user).get()),
    writers: await byEach(scene.places, (place) => presence.writers(place).get()),
    profiles: app.profiles.get(),
    mine: app.mine.get(),
  }
}

/** What a device is told that asks for all of it, knowing nothing. */
export async function fetched(device: Device, scene: Scene): Promise<State> {
  const { actions, groups, presence, auth } = device
  const removals = (conversation: string) =>
    actions.removals({ conversation }).then(
      ({ seqs }) => new Set(seqs),
      // Nothing is told of what is not mine any more.
      () => new Set<number>(),
    )
  const { people } = await presence.watch({ users: [...scene.seen] })
  const { profiles } = await auth.lookup({ ids: Object.keys(device.app.profiles.get()) })
  return {
    ...(await shared(device, scene, removals)),
    groups: await byEach(scene.groups, (group) => groups.get({ group }).catch(absent)),
    invited: (await groups.invitations({})).invitations,
    scheduled: (await actions.scheduled({})).scheduled,
    presence: Object.fromEntries(people.map((person) => [person.user, person])),
    // Who is writing is told to who is there: what is over is held by nobody.
    writers: await byEach(scene.places, () => []),
    profiles: Object.fromEntries(profiles.map((profile) => [profile.id, profile])),
    mine: await presence.mine({}),
  }
}

/** What both keep in the client: conversations, messages, settings and the list of friends. */
async function shared(device: Device, scene: Scene, removedIn: (place: string) => Promise<ReadonlySet<number>>) {
  const now = scene.town.clock.now()
  // The list is complete from the first answer on.
  const messages = await byEach(scene.places, async (place) => {
    const conversation = device.conversation(place)
    while (await conversation.loadOlder().catch(() => false));
    const all = conversation.messages.get()
    const removed = await removedIn(place)
    return {
      entries: all.map(({ seq, type, from, at, clientId }) => ({ seq, type, from, at, clientId })),
      shown: device.actions.acted(all, removed, now).map(shown),
      removed: [...removed].toSorted((a, b) => a - b),
    }
  })
  return {
    conversations: device.conversations.get().map(standing),
    messages,
    settings: device.offline.own.get(),
    friends: sorted(device.friends.list.get()),
  }
}

/** How far who is out of it had come is told to nobody any more. */
const standing = ({ last, me, ...info }: ReturnType<Device['conversations']['get']>[number]): Plain => ({
  ...info,
  last: last && plain(last),
  me: info.left ? undefined : me,
})

/** What was done to a message is in it where it was fetched, and in the acts behind it where they were heard. */
const later = new Set(['acts', 'changed', 'closed'])
const plain = (message: object): Plain =>
  Object.fromEntries(Object.entries(message).filter(([name]) => !later.has(name)))

function shown({ message, quote, ...rest }: ActedMessage<{ readonly seq: number; readonly type: string }>): Plain {
  return { ...rest, quote: quote && { seq: quote.seq, gone: quote.gone }, message: plain(message) }
}

/** In no order: the list has none. */
function sorted(list: ReturnType<Device['friends']['list']['get']>): Plain {
  const entries = Object.entries(list).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : value,
  ])
  return Object.fromEntries(entries) as Plain
}
