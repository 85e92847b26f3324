import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import test from 'ava'
import type { ExecutionContext } from 'ava'
import { WebSocket } from 'ws'
import type { Link } from '@natter/client'
import type { Visitor } from './visitor.js'
import { street, visitor } from './visitor.js'
import type { Shop } from '#src/shop.js'

/** Knocks at the chat as a page would, and gives the error it is told, or `welcome`. */
async function knock(t: ExecutionContext, shop: Shop, headers: Readonly<Record<string, string>>): Promise<string> {
  const socket = new WebSocket(`${shop.url.replace('http', 'ws')}/chat/ws`, 'natter.1', { headers })
  t.teardown(() => socket.terminate())
  const refused = once(socket, 'unexpected-response').then(([, { statusCode }]) => `HTTP ${statusCode}`)
  const answered = once(socket, 'message').then(([data]) => {
    const [kind, , error] = JSON.parse(String(data)) as [string, unknown, { code?: string } | undefined]
    return error?.code ?? kind
  })
  const closed = once(socket, 'close').then(([code]) => `closed ${code}`)
  socket.once('open', () => socket.send(JSON.stringify(['hello', {}])))
  return Promise.race([refused, answered, closed])
}
const reaches = ({ status }: Pick<ReturnType<Visitor['chat']>, 'status'>, link: Link) =>
  new Promise<void>((resolve) => {
    const look = () => {
      if (status.get().link === link) resolve()
    }
    status.subscribe(look)
    look()
  })
const page = (shop: Shop, who: Visitor, origin = shop.url) => ({ cookie: who.cookie, origin })

test("whoever has the shop's session is in the chat as that user; nobody else is", async (t) => {
  const { shop, omar } = await street(t)
  const buyer = await visitor(shop, 'omar')
  t.is((await buyer.chat(t).connect()).id, String(omar.id))

  t.is(await knock(t, shop, page(shop, buyer)), 'welcome')
  const stranger = await visitor(shop)
  const wrong = 'closed 4401'
  t.is(await knock(t, shop, page(shop, stranger)), wrong)
  t.is(await knock(t, shop, { origin: shop.url }), wrong)
  const forged = buyer.cookie.replace(/shop-login=[^;]+/, 'shop-login=guessed')
  t.is(await knock(t, shop, { cookie: forged, origin: shop.url }), wrong)
  t.is(await knock(t, shop, page(shop, buyer, 'https://elsewhere.example')), wrong)
})

test('who logs out is closed within two seconds and cannot come back; their other browser stays', async (t) => {
  const { shop } = await street(t)
  const [here, there] = [await visitor(shop, 'omar'), await visitor(shop, 'omar')]
  const [leaving, staying] = [here.chat(t), there.chat(t)]
  await Promise.all([leaving.connect(), staying.connect()])
  await Promise.all([reaches(leaving, 'online'), reaches(staying, 'online')])
  const before = page(shop, here)

  const closed = reaches(leaving, 'closed')
  const start = performance.now()
  await here.ask('POST', '/logout')
  await closed
  t.true(performance.now() - start < 2_000)
  t.is(staying.status.get().link, 'online')
  t.is(await knock(t, shop, before), 'closed 4401')
  t.is(await knock(t, shop, page(shop, there)), 'welcome')
})

test("people are the shop's own: found and named by its table, and copied nowhere", async (t) => {
  const { shop, folder, maja, omar } = await street(t)
  const chat = (await visitor(shop, 'omar')).chat(t)
  await chat.connect()
  await chat.direct(String(maja.id)).send({ text: 'Is it open on Sunday?' }).sent

  const ask = async (who: Visitor, path: string) => (await who.ask('GET', path)).json()
  const buyer = await visitor(shop, 'omar')
  const profile = { id: String(maja.id), name: 'Maja Keeper', handle: 'maja' }
  t.deepEqual(await chat.auth.find({ handle: 'maja' }), profile)
  t.deepEqual(await ask(buyer, '/api/unanswered'), [])
  t.deepEqual(await ask(await visitor(shop, 'maja'), '/api/unanswered'), [String(omar.id)])

  const kept = (await readdir(folder)).filter((name) => name.startsWith('chat.db'))
  const bytes = Buffer.concat(await Promise.all(kept.map((name) => readFile(join(folder, name)))))
  t.true(bytes.includes('Is it open on Sunday?'))
  for (const own of ['Maja', 'maja', 'Omar', 'omar']) t.false(bytes.includes(own), own)
})
