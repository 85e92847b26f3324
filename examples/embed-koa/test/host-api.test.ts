import test from 'ava'
import { street, visitor } from './visitor.js'

test('the shop writes as the seller, once, and leaves a notice of nobody; everybody sees both live', async (t) => {
  const { shop, maja, omar } = await street(t)
  const [seller, buyer] = [await visitor(shop, 'maja'), await visitor(shop, 'omar')]
  const phone = buyer.chat(t)
  await phone.connect()
  const heard: (readonly [string, string])[] = []
  const two = new Promise<void>((resolve) => {
    phone.on('message', (message) => {
      heard.push([message.from, message.type === 'text' ? message.text : message.type])
      if (heard.length === 2) resolve()
    })
  })
  for (let times = 0; times < 3; times++) t.is((await seller.ask('POST', '/api/orders/1/ship')).status, 200)
  await two
  const told = [
    [String(maja.id), 'Your order has shipped: a bag of apples'],
    ['system', 'Order #1 left the shop.'],
  ]
  t.deepEqual(heard, told as never)
  const { messages } = await phone.direct(String(maja.id)).history()
  t.deepEqual(
    messages.map((message) => [message.from, message.type === 'text' && message.text]),
    told,
  )
  t.is(phone.conversations.get()[0]?.unread, 1, 'the notice does not count')
  t.is(phone.conversations.get()[0]?.peer, String(maja.id))
  t.is(phone.me.get()?.id, String(omar.id))
  t.deepEqual(await (await buyer.ask('GET', '/api/unanswered')).json(), [String(maja.id)], 'a notice is no last word')
})

test('the shop hears what is said in its chat, and knows who waits for an answer', async (t) => {
  const { shop, maja, omar } = await street(t)
  const [seller, buyer] = [await visitor(shop, 'maja'), await visitor(shop, 'omar')]
  const [desk, phone] = [seller.chat(t), buyer.chat(t)]
  await Promise.all([desk.connect(), phone.connect()])
  const waiting = async () => (await seller.ask('GET', '/api/unanswered')).json()
  t.deepEqual(await waiting(), [])
  await phone.direct(String(maja.id)).send({ text: 'Do you have pears?' }).sent
  t.deepEqual(await waiting(), [String(omar.id)])
  t.deepEqual(await (await buyer.ask('GET', '/api/unanswered')).json(), [])
  await desk.direct(String(omar.id)).send({ text: 'From tomorrow on.' }).sent
  t.deepEqual(await waiting(), [])
  t.is((await (await visitor(shop)).ask('GET', '/api/unanswered')).status, 401)
})
