import test from 'ava'
import { createTestServer } from '@natter/testkit'

test('who only listens stays connected: pings are answered, as browsers do', async (t) => {
  const server = await createTestServer(t, { plugins: [] })
  const [alice, bob] = [await server.client('alice'), await server.client('bob')]
  const links: string[] = []
  alice.status.subscribe(() => void links.push(alice.status.get().link))
  for (let minutes = 0; minutes < 3; minutes += 1 / 3) {
    await bob.direct('alice').send({ text: 'still there?' }).sent
    await server.clock.advance(20_000)
  }
  t.deepEqual(
    [...new Set(links)].filter((link) => link !== 'online'),
    [],
  )
  t.is(alice.status.get().link, 'online')
})
