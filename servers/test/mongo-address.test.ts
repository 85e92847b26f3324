import test from 'ava'
import { mongo } from '#src/engines/mongo.js'

const cases = [
  ['mongodb://a:1/?replicaSet=natter', 'mongodb://a:1/x?replicaSet=natter'],
  ['mongodb://a:1,b:2/?replicaSet=natter&w=1', 'mongodb://a:1,b:2/x?replicaSet=natter&w=1'],
  ['mongodb://a:1', 'mongodb://a:1/x'],
  ['mongodb+srv://set.example.org/chat', 'mongodb+srv://set.example.org/x'],
] as const

for (const [url, expected] of cases) {
  test(`a database at ${url}`, async (t) => t.is(await mongo.create(url, 'x'), expected))
}

test('an account stays where it was looked for', async (t) => {
  t.is(await mongo.create('mongodb://u:p@a:1/', 'x'), 'mongodb://u:p@a:1/x?authSource=admin')
  t.is(await mongo.create('mongodb://u:p@a:1/chat?w=1', 'x'), 'mongodb://u:p@a:1/x?w=1&authSource=chat')
  t.is(await mongo.create('mongodb://u:p@a:1/?authSource=own', 'x'), 'mongodb://u:p@a:1/x?authSource=own')
})
