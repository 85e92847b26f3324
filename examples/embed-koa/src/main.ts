import { openShop } from './shop.js'

const { DATA_DIR = 'data/shop', PORT = '3001' } = process.env
const shop = await openShop({ folder: DATA_DIR, port: Number(PORT) })

if ((await shop.users.all()).length === 0) {
  await shop.users.add('maja', 'Maja Keeper', 'maja')
  const omar = await shop.users.add('omar', 'Omar Buyer', 'omar')
  await shop.orders.add(omar.id, 'a bag of apples')
}
console.log(`The shop is open           ${shop.url}`)
console.log('Log in as                  maja or omar; the password is the handle')

// The shop owns the process. It ends by itself when nothing is open any more.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    console.log('The shop closes …')
    void shop.close().then(() => console.log('The shop is closed.'))
  })
}
