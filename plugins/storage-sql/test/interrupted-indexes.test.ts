import test from 'ava'
import mysql from 'mysql2/promise'
import { field, model } from '@natter/core/contract'
import { FakeClock } from '@natter/testkit'
import { onServers } from './server-store.js'
import { openUrl } from './temp-store.js'

const fields = { id: field.id(), tag: field.id({ optional: true }) }
const [plain, unique] = [
  model('thing', { fields, key: ['id'] }),
  model('thing', { fields, key: ['id'], unique: [['tag']] }),
]
const clock = new FakeClock()
const setting = (each: typeof plain | typeof unique) => ({ models: [{ plugin: 'suite', model: each }], clock })

await onServers(test, ['mariadb'], (server) => {
  async function ask(url: string, sql: string): Promise<mysql.RowDataPacket[]> {
    const connection = await mysql.createConnection(url)
    try {
      return (await connection.query<mysql.RowDataPacket[]>(sql))[0]
    } finally {
      await connection.end()
    }
  }
  /** Does all of a start but its last word: as when the process dies between the index and the note of it. */
  async function breakOff(url: string, to: typeof plain | typeof unique): Promise<unknown> {
    await ask(
      url,
      `create trigger dies before insert on natter_schema for each row
       if new.shape not like '%"moving"%' then signal sqlstate '45000' set message_text = 'dies'; end if`,
    )
    const outcome = await openUrl(url, setting(to)).then(
      () => 'started',
      () => 'died',
    )
    await ask(url, 'drop trigger dies')
    return outcome
  }
  const indexes = (url: string) =>
    ask(
      url,
      `select distinct index_name from information_schema.statistics
       where table_schema = database() and table_name like '%thing%' and index_name <> 'PRIMARY'`,
    )

  test.serial('a start that died after it dropped an index is followed by one that has it again', async (t) => {
    const url = await server.database()
    await (await openUrl(url, setting(unique))).close()
    t.is(await breakOff(url, plain), 'died')
    t.is((await indexes(url)).length, 0)
    const store = await openUrl(url, setting(unique))
    t.teardown(() => store.close())
    const rows = store.records('suite', unique)
    t.is(await rows.insert({ id: '1', tag: 'one' }), 'inserted')
    t.is(await rows.insert({ id: '2', tag: 'one' }), 'exists')
  })

  test.serial(
    'a start that died after it made an index is followed by one that does not want it, and drops it',
    async (t) => {
      const url = await server.database()
      await (await openUrl(url, setting(plain))).close()
      t.is(await breakOff(url, unique), 'died')
      t.is((await indexes(url)).length, 1)
      const store = await openUrl(url, setting(plain))
      t.teardown(() => store.close())
      const rows = store.records('suite', plain)
      t.is(await rows.insert({ id: '1', tag: 'one' }), 'inserted')
      t.is(await rows.insert({ id: '2', tag: 'one' }), 'inserted')
      t.is((await indexes(url)).length, 0)
    },
  )
})
