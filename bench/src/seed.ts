import { writeFileSync } from 'node:fs'
import { auth } from '@natter/auth'
import { account, session } from '@natter/auth/contract'
import { createChat, newId } from '@natter/core'
import { offline } from '@natter/offline'
import { storageSql } from '@natter/storage-sql'
import { internals } from './internals.js'
import { lookIn } from './look-in.js'
import { secret, text, userId } from './names.js'
import type { Person } from './people.js'

// The process that fills a database: people with a session each, in pairs, who have one message and have missed fifty.
// Ten thousand log-ins would take longer than all that is measured, so rows, tokens and tickets are made directly, by the
// code that Natter makes them with.

const missed = 50
const hour = 3_600_000
const [, , file, output, count] = process.argv as unknown as readonly [string, string, string, string, string]
const total = Number(count)

const { plugin, inside } = lookIn()
const chat = await createChat({
  secrets: secret,
  plugins: [storageSql({ url: `sqlite:${file}` }), auth(), offline(), plugin],
})
const { storage, secrets } = inside()
const { accessTokens, tickets, writeCursor } = await internals()

/** Does something for each, so many at a time. */
async function each(count: number, atOnce: number, work: (index: number) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < count; from += atOnce) {
    await Promise.all(Array.from({ length: Math.min(atOnce, count - from) }, (_, i) => work(from + i)))
  }
}

const now = Date.now()
/** People have been there for a while: what happened lately is looked at again and again. */
const lastMonth = now - 30 * 24 * hour
const conversationOf = (i: number) => chat.conversations.direct(userId(i), userId(i ^ 1))

async function register(i: number): Promise<void> {
  const handle = `person-${i}`
  const more = { name: handle, createdAt: lastMonth, version: 1, versionAt: lastMonth, goneAt: 0 }
  await storage.records('auth', account).insert({ id: userId(i), handle, written: handle, skeleton: handle, ...more })
}

async function logIn(i: number): Promise<{ readonly id: string; readonly device: string; readonly expiresAt: number }> {
  const expiresAt = now + 90 * 24 * hour
  const row = { id: newId(), user: userId(i), device: newId(), name: 'bench', version: 1, expiresAt }
  await storage.records('auth', session).insert({
    ...row,
    createdAt: lastMonth,
    lastSeenAt: now,
    refresh: newId(),
    rotatedAt: now,
    idleUntil: expiresAt,
    endedAt: 0,
  })
  return row
}

const write = (pair: number, seq: number) =>
  storage.log.append({
    conversation: conversationOf(pair * 2),
    from: userId(pair * 2 + (seq % 2)),
    clientId: `seeded-${seq}`,
    at: now + seq,
    body: JSON.stringify({ text }),
    digest: 'seeded',
    counts: true,
    ...(seq === 1 ? { open: { kind: 'direct', members: [userId(pair * 2), userId(pair * 2 + 1)] } } : {}),
  })

async function fill(): Promise<readonly Person[]> {
  await each(total, 1_000, register)
  await each(total / 2, 1_000, (pair) => write(pair, 1))
  const cursor = writeCursor(await storage.log.begin())
  const signed = accessTokens(secrets.all('auth.access'), { issuer: 'natter', audience: 'natter', lifeMs: hour })
  const stamped = tickets(secrets.all('auth.ticket'), hour)
  const people: Person[] = []
  await each(total, 1_000, async (i) => {
    const user = userId(i)
    const { id, device, expiresAt } = await logIn(i)
    const credentials = { user, device, session: id, version: 1 }
    const { accessToken: token } = await signed.issue(credentials, now)
    const { ticket } = stamped.issue({ ...credentials, sessionExpiresAt: expiresAt }, now)
    people[i] = { user, device, token, ticket, cursor, conversation: conversationOf(i), after: 1, holds: 'seeded-1' }
  })
  // What they miss, in all conversations in turn, as it would come about.
  for (let seq = 2; seq < 2 + missed; seq++) await each(total / 2, 2_500, (pair) => write(pair, seq))
  return people
}

process.once('disconnect', () => process.exit())
writeFileSync(output, JSON.stringify(await fill()))
await chat.stop()
process.exit()
