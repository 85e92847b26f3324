import { MongoClient } from 'mongodb'
import type { CommandStartedEvent, Document } from 'mongodb'
import { configSchema, openStore } from '@natter/storage-mongo'
import type { MongoStore } from '@natter/storage-mongo'
import type { StoreSetting } from '@natter/testkit'

/** A store on a client that notes what it asks of the server. */
export interface Noting {
  readonly store: MongoStore
  readonly client: MongoClient
  /** Commands since the last call, without the driver's own. */
  noted(): readonly Document[]
}

const own = new Set(['hello', 'ping', 'endSessions', 'buildInfo', 'replSetGetConfig', 'serverStatus'])

export async function openNoting(
  url: string,
  { models, steps, clock }: StoreSetting,
  t: { teardown(run: () => Promise<void>): void },
): Promise<Noting> {
  const client = new MongoClient(url, { monitorCommands: true })
  let commands: Document[] = []
  client.on('commandStarted', ({ command, commandName }: CommandStartedEvent) => {
    if (!own.has(commandName)) commands.push(command)
  })
  const store = await openStore(configSchema.parse({ client, database: new URL(url).pathname.slice(1) }), clock)
  t.teardown(async () => {
    await store.close()
    await client.close()
  })
  await store.prepare(models, steps ?? [])
  return {
    store,
    client,
    noted() {
      const noted = commands
      commands = []
      return noted
    },
  }
}
