import test from 'ava'
import { createChat } from '@natter/core'
import type { Plugins } from '@natter/core'
import { offline } from '@natter/offline'
import type { SqlNative } from '@natter/storage-sql'
import { testIdentity } from '@natter/testkit'
import { errorLogger } from '#src/process/error-logger.js'
import { storeKind } from '#src/process/stores.js'
import type { OpenedStore, StoreName } from '#src/process/stores.js'
import { onEveryStore } from './store-places.js'

const poison = 'arsenic'
const quiet = { ...errorLogger, child: () => quiet, isLevelEnabled: () => false, error: () => undefined }

const triggers: Readonly<Record<Exclude<StoreName, 'mongo' | 'combined'>, readonly string[]>> = {
  sqlite: [
    `create trigger refuse before insert on natter_entry when instr(new.body, '${poison}')
       begin select raise(abort, 'refused'); end`,
  ],
  postgres: [
    `create function refuse() returns trigger language plpgsql as $$ begin
       if position('${poison}' in new.body) > 0 then raise exception 'refused'; end if; return new; end $$`,
    'create trigger refuse before insert on natter_entry for each row execute function refuse()',
  ],
  mariadb: [
    `create trigger refuse before insert on natter_entry for each row
       if locate('${poison}', new.body) > 0 then signal sqlstate '45000' set message_text = 'refused'; end if`,
  ],
}

/** From now on the database refuses every entry that has the poison in it. */
async function refuse(store: OpenedStore, name: StoreName): Promise<void> {
  if (name === 'mongo' || name === 'combined') {
    const validator = { p: { $not: { $regex: poison } } }
    await store.native('mongo')!.db.command({ collMod: 'natter_log', validator })
    return
  }
  const native: SqlNative = store.native('sql')!
  for (const sql of triggers[name]) await native.write({ sql, bindings: [], rows: false })
}

/** The code of the error that is behind all others. */
function causeOf(error: unknown): unknown {
  const { cause, code } = error as { readonly cause?: unknown; readonly code?: unknown }
  return code === 'NATTER_HOOK_FAILED' ? causeOf(cause) : code
}

await onEveryStore(
  test,
  (store) => `${store}: sends that the database refuses fail alone, in full batches, and all others are stored`,
  async (t, name, place) => {
    const plugins: Plugins = [await storeKind(name).plugin(place, 'full'), testIdentity(), offline()]
    const chat = await createChat<Plugins>({ plugins, dataDir: place.folder, logger: quiet })
    t.teardown(() => chat.stop())
    const senders = Array.from({ length: 30 }, (_, i) => `user${i}`)
    const to = (i: number) => ({ user: `peer${i % 3}` })
    for (const [i, sender] of senders.entries()) await chat.as(sender).send(to(i), { text: 'hello' }, { id: 'first' })
    const store = await storeKind(name).open(place)
    t.teardown(() => store.close())
    await refuse(store, name)

    const isBad = (n: number) => n % 29 === 5
    const sends = Array.from({ length: 100 }, (_, n) =>
      chat.as(senders[n % 30]!).send(to(n % 30), { text: isBad(n) ? poison : `good ${n}` }, { id: `m${n}` }),
    )
    const expected = new Map<string, string[]>()
    for (const [n, settled] of (await Promise.allSettled(sends)).entries()) {
      if (isBad(n)) {
        t.is(settled.status, 'rejected', `m${n}`)
        if (settled.status === 'rejected') t.is(causeOf(settled.reason), 'STORAGE_INVALID', `m${n}`)
      } else if (settled.status === 'rejected') t.fail(`m${n}: ${String(settled.reason)}`)
      else {
        const ack = settled.value
        if (ack.durability !== 'committed') return t.fail()
        const ids = expected.get(ack.conversation) ?? []
        ids[ack.seq] = `m${n}`
        expected.set(ack.conversation, ids)
      }
    }
    for (const [conversation, ids] of expected) {
      const entries = await store.log.range(conversation, { from: 1, to: 500, limit: 500, bytes: 2 ** 24 })
      t.deepEqual(
        entries.map(({ clientId, seq, n }) => [clientId, seq, n]),
        ['first', ...ids.slice(2)].map((id, place) => [id, place + 1, place + 1]),
      )
    }
    const again = await t.throwsAsync(chat.as('user5').send(to(5), { text: poison }, { id: 'm5' }))
    t.is(causeOf(again), 'STORAGE_INVALID')
    t.like(await chat.as('user5').send(to(5), { text: 'good after all' }, { id: 'm5' }), { durability: 'committed' })
  },
)
