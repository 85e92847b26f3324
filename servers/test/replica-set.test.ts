import { startReplicaSet } from '@natter/servers'
import { notes } from './notes.js'
import { lives } from './until.js'
import { withPrograms } from './with-programs.js'

const { put, all } = notes.mongo

withPrograms(
  'mongo',
  'a replica set keeps what is committed when its primary gives way, and when it is killed',
  async (t) => {
    const set = await startReplicaSet()
    t.teardown(() => set.stop())
    t.is(set.members.length, 3)
    const { url } = await set.scratch()
    const first = await set.primary()
    await put(url, '1')
    const second = await set.stepDown()
    t.not(second, first)
    t.is(await set.primary(), second)
    await put(url, '2')
    await second.kill('SIGKILL')
    const third = await set.primary()
    t.not(third, second)
    await put(url, '3')
    await second.restart()
    t.deepEqual(await all(url), ['1', '2', '3'])
    const pids = set.members.map(({ pid }) => pid)
    await set.stop()
    t.deepEqual(pids.filter(lives), [])
  },
)

withPrograms('mongo', 'members give way one after the other, more often than there are members', async (t) => {
  const set = await startReplicaSet()
  t.teardown(() => set.stop())
  let primary = await set.primary()
  for (let time = 1; time <= 4; time++) {
    const next = await set.stepDown()
    t.not(next, primary)
    primary = next
  }
  t.is(await set.primary(), primary)
})
