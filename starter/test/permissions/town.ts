import type { MemoryStore } from '@natter/testkit'
import { image } from './image.js'
import { all, members } from './people.js'
import type { ByName, Name } from './people.js'
import { serve } from './serve.js'
import type { Server } from './serve.js'
import type { Me, Place } from './place.js'

/** A store in which everybody is what they are, as of a time, with what names the things in it. */
export interface Town {
  readonly store: MemoryStore
  readonly now: number
  readonly at: Place
  readonly me: ByName<Me>
}

const text = { text: 'hello there' }
const poll = { type: 'poll', question: 'What to drink?', options: ['tea', 'coffee'] }
const year = 31_536_000_000

/** Founds it once; what is asked happens in copies of it. */
export async function foundTown(): Promise<Town> {
  const server = await serve()
  const { clock, store } = server
  const logins = await comeIn(server)
  const devices = new Map<Name, Awaited<ReturnType<Server['device']>>>()
  for (const name of all) devices.set(name, await server.device(logins[name].token))
  const as = (name: Name) => devices.get(name)!
  const ask = (name: Name, command: string, input: object) => as(name).request<Record<string, string>>(command, input)
  const id = (name: Name) => logins[name].user

  const made = await ask('olga', 'groups.create', { key: 'team', settings: { name: 'Team', door: 'open' } })
  const group = made['group']!
  const say = async (name: Name, to: string | { readonly user: string }, body: object) =>
    (await as(name).message(to, body))[2] as number
  const said: Partial<Record<Name, { readonly text: number; readonly poll: number }>> = {}
  for (const name of all) await say(name, { user: id(name) }, text)
  for (const name of members) {
    if (name !== 'olga') await ask(name, 'groups.join', { group })
    said[name] = { text: await say(name, group, text), poll: await say(name, group, poll) }
  }
  const inGroup = (command: string, name: Name, more: object = {}) =>
    ask('olga', command, { group, user: id(name), ...more })
  await inGroup('groups.giveRole', 'adam', { role: 'admin' })
  await inGroup('groups.giveRole', 'rita', { role: 'reader' })
  await inGroup('groups.mute', 'mo', { forMs: year })
  await ask('eric', 'groups.leave', { group })
  await inGroup('groups.ban', 'bert')
  await ask('olga', 'groups.set', { group, settings: { door: 'ask' } })
  await ask('anna', 'groups.join', { group })
  await ask('olga', 'groups.set', { group, settings: { door: 'invite' } })
  await inGroup('groups.invite', 'ina')
  const { link = '' } = await ask('olga', 'groups.makeLink', { group, key: 'door' })

  await ask('olga', 'friends.request', { user: id('mia') })
  await ask('mia', 'friends.accept', { user: id('olga') })
  const { id: friendGroup = '' } = await ask('olga', 'friends.createGroup', { name: 'Best' })
  for (const [one, other] of [
    ['olga', 'mia'],
    ['olga', 'bea'],
  ] as const) {
    await say(one, { user: id(other) }, text)
    await say(other, { user: id(one) }, text)
  }
  await ask('olga', 'friends.block', { user: id('bea') })
  const portrait = await server.call('PUT', '/auth/me/avatar', { image }, logins.olga.token)
  const { settings } = (await ask('olga', 'groups.setPicture', { group, image })) as { settings?: unknown }
  const { avatar: picture } = settings as { readonly avatar: string }
  await ask('olga', 'actions.schedule', { to: group, body: text, at: clock.now() + year / 12, id: 'later' })

  // What is written behind an answer is there, and nobody has asked for anything lately.
  await clock.advance(61_000)
  await server.close()
  const direct = (one: Name, other: Name) => server.chat.conversations.direct(id(one), id(other))
  const ids = Object.fromEntries(all.map((name) => [name, id(name)])) as ByName<string>
  return {
    store,
    now: clock.now(),
    at: {
      ...ids,
      group,
      friends: direct('olga', 'mia'),
      apart: direct('olga', 'bea'),
      text: said.tom!.text,
      poll: said.tom!.poll,
      first: 1,
      second: 2,
      link,
      friendGroup,
      later: 'later',
      session: logins.olga.other,
      handle: 'olga',
      avatar: String(portrait.body['avatar']).split('/').at(-1)!,
      picture: picture.split('/').at(-1)!,
    },
    me: Object.fromEntries(
      all.map((name) => [name, { ...logins[name], notes: direct(name, name), ...said[name] }]),
    ) as ByName<Me>,
  }
}

/** Makes everybody's account; Olga is logged in on a second device. */
async function comeIn({ call }: Server): Promise<ByName<Pick<Me, 'user' | 'handle' | 'token' | 'session' | 'other'>>> {
  const found = all.map(async (name) => {
    const arriving = { handle: name, password: 'correct horse battery', mode: 'token' }
    const first = await call('POST', '/auth/register', arriving)
    const second = await call('POST', '/auth/login', arriving)
    const { accessToken: token, session, user } = first.body as never as Login
    return [
      name,
      { user: user.id, handle: name, token, session, other: (second.body as never as Login).session },
    ] as const
  })
  return Object.fromEntries(await Promise.all(found)) as never
}

interface Login {
  readonly accessToken: string
  readonly session: string
  readonly user: { readonly id: string }
}
