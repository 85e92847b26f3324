import { setTimeout as pause } from 'node:timers/promises'
import { MongoClient, MongoServerError } from 'mongodb'
import type { Document } from 'mongodb'
import type { Engine, ServerSettings } from './engine.js'
import { mongo, setName } from './engines/mongo.js'
import type { OwnServer, ScratchDatabase } from './found-server.js'
import { scratchDatabase } from './scratch-database.js'
import { startEngine } from './start-server.js'

/** Several MongoDB servers that hold the same data. */
export interface ReplicaSet {
  /** Names all members. */
  readonly url: string
  /** Each has the address of itself alone as its `url`. */
  readonly members: readonly OwnServer[]
  /** The one that takes writes; waits while there is none. */
  primary(): Promise<OwnServer>
  /** The primary gives way; the one that follows it. */
  stepDown(): Promise<OwnServer>
  scratch(): Promise<ScratchDatabase>
  stop(): Promise<void>
}

export interface ReplicaSetOptions {
  /** How many; the default is 3. */
  readonly members?: number
  /** So long without a primary until another is elected; the default is 2,000 ms, MongoDB's own is 10,000. */
  readonly electionTimeoutMs?: number
  readonly settings?: ServerSettings
}

/** So long a set may take to have a primary. */
const patienceMs = 60_000

/** ExceededTimeLimit: none is electable; NotWritablePrimary: there was another election meanwhile. */
const nobodyFollows: ReadonlySet<number> = new Set([262, 10107])

const address = (port: number) => `127.0.0.1:${port}`
const direct = (port: number) => `mongodb://${address(port)}/?directConnection=true`
const member: Engine = { ...mongo, url: direct, begin: () => Promise.resolve() }

/**
 * Starts MongoDB with several members, and resolves when all of them hold what there is.
 *
 * @throws Error when `mongod` is not on this machine, or when it does not start.
 *
 * @example
 * const set = await startReplicaSet()
 * await (await set.primary()).kill('SIGKILL')
 * await set.primary() // another one
 * await set.stop()
 */
export async function startReplicaSet(options: ReplicaSetOptions = {}): Promise<ReplicaSet> {
  const { members: count = 3, electionTimeoutMs = 2_000, settings = {} } = options
  const begun = await Promise.allSettled(
    Array.from({ length: count }, () => startEngine('mongo', member, { settings })),
  )
  const members = begun.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
  const stop = async () => void (await Promise.all(members.map((each) => each.stop())))
  try {
    const failed = begun.find((each) => each.status === 'rejected')
    if (failed) throw failed.reason
    await command(members[0]!, {
      replSetInitiate: {
        _id: setName,
        members: members.map(({ port }, _id) => ({ _id, host: address(port) })),
        settings: { electionTimeoutMillis: electionTimeoutMs },
      },
    })
    await primaryOf(members)
    await eventually('a replica set in which every member follows', () => allFollow(members))
  } catch (error) {
    await stop()
    throw error
  }
  const url = `mongodb://${members.map(({ port }) => address(port)).join(',')}/?replicaSet=${setName}`
  return {
    url,
    members,
    primary: () => primaryOf(members),
    async stepDown() {
      const before = await eventually('a member of a replica set that can follow the primary', () => givesWay(members))
      return primaryOf(members.filter((each) => each !== before))
    },
    scratch: () => scratchDatabase(mongo, url),
    stop,
  }
}

function primaryOf(members: readonly OwnServer[]): Promise<OwnServer> {
  return eventually('a replica set with a primary', async () => {
    const answers = await Promise.all(members.map((each) => command(each, { hello: 1 }).catch(() => undefined)))
    return members.find((_, i) => answers[i]?.isWritablePrimary === true)
  })
}

/** Whoever gave way cannot come back for 10 s, so that after several there may be nobody who can follow yet. */
async function givesWay(members: readonly OwnServer[]): Promise<OwnServer | undefined> {
  const primary = await primaryOf(members)
  try {
    await command(primary, { replSetStepDown: 10, secondaryCatchUpPeriodSecs: 5 })
    return primary
  } catch (error) {
    if (error instanceof MongoServerError && nobodyFollows.has(Number(error.code))) return undefined
    throw error
  }
}

async function allFollow(members: readonly OwnServer[]): Promise<true | undefined> {
  const { members: states } = (await command(members[0]!, { replSetGetStatus: 1 })) as { members: { state: number }[] }
  // 1 is the primary, 2 a secondary that holds what it should.
  return states.every(({ state }) => state === 1 || state === 2) ? true : undefined
}

async function eventually<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (const giveUp = performance.now() + patienceMs; ; await pause(20)) {
    const found = await look()
    if (found !== undefined) return found
    if (performance.now() > giveUp) throw new Error(`MongoDB: no ${what.replace(/^a /, '')} within 60 s`)
  }
}

async function command(server: OwnServer, body: Document): Promise<Document> {
  const client = new MongoClient(direct(server.port), { serverSelectionTimeoutMS: 500, connectTimeoutMS: 500 })
  try {
    return await client.db('admin').command(body)
  } finally {
    await client.close().catch(() => undefined)
  }
}
