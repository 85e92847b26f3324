import test from 'ava'
import { originListed } from '#src/gateway/origin.js'

const listed = (origin: string | undefined, host: string, origins?: readonly string[]) =>
  originListed({ headers: { host, ...(origin === undefined ? {} : { origin }) } } as never, origins)

test('without a list, only pages of the same host', (t) => {
  t.true(listed('https://chat.example', 'chat.example'))
  t.true(listed('http://localhost:3000', 'localhost:3000'))
  for (const origin of [
    undefined,
    'null',
    '',
    'https://evil.example',
    'https://chat.example.evil.example',
    'https://evilchat.example',
    'https://chat.example:8443',
    'https://chat.example/',
    'https://sub.chat.example',
    'file://chat.example',
    'https://CHAT.example',
    'https://chat.example@evil.example',
  ]) {
    t.false(listed(origin, 'chat.example'), String(origin))
  }
})

test('with a list, exactly its origins', (t) => {
  const origins = ['https://app.example']
  t.true(listed('https://app.example', 'chat.example', origins))
  t.false(listed('https://chat.example', 'chat.example', origins))
  t.false(listed('http://app.example', 'chat.example', origins))
  t.false(listed('https://app.example:444', 'chat.example', origins))
})
