import { hash } from '@node-rs/argon2'
import test from 'ava'
import { FakeClock, MemoryStore } from '@natter/testkit'
import * as contract from '@natter/auth/contract'
import { AccountBook } from '#src/accounts.js'
import { parseHandle } from '#src/handles.js'
import { argon2Hashing } from '#src/password-hashing.js'
import type { PasswordHashing } from '#src/password-hashing.js'
import { passwordRules } from '#src/password-rules.js'
import { Passwords } from '#src/passwords.js'
import { Turnstile } from '#src/turnstile.js'

const cheap = { memoryKiB: 19_456, passes: 2, parallelism: 1, concurrent: 2, queue: 64 }
const log = { debug() {}, info() {}, warn() {}, error() {} }

/** Hashes by putting a word before it, and writes down what was compared. */
function spyHashing() {
  const compared: string[] = []
  const hashing: PasswordHashing = {
    hash: async (password) => `hash of ${password}`,
    verify: async (phc, password) => {
      compared.push(phc)
      return phc === `hash of ${password}`
    },
    outdated: () => false,
  }
  return { hashing, compared }
}

async function passwordBook(hashing: PasswordHashing) {
  const clock = new FakeClock()
  const store = new MemoryStore({ clock })
  const models = [contract.account, contract.credential].map((model) => ({ plugin: 'auth', model }))
  await store.prepare(models, [])
  const accounts = new AccountBook(store.records('auth', contract.account), clock)
  const rows = store.records('auth', contract.credential)
  const passwords = new Passwords({ accounts, rows, hashing, clock, log })
  await passwords.prepare()
  await accounts.make('alice-id', parseHandle('alice')!, 'Alice')
  await passwords.set('alice-id', 'open sesame')
  return { passwords, rows, accounts }
}

test('a hash is argon2id with the work asked for, salted, and interoperates', async (t) => {
  const hashing = argon2Hashing(cheap)
  const phc = await hashing.hash('open sesame')
  t.regex(phc, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  t.not(phc, await hashing.hash('open sesame'))
  t.true(await hashing.verify(phc, 'open sesame'))
  t.false(await hashing.verify(phc, 'open sesam'))
})

test('a password is the same however its accents were typed', async (t) => {
  const hashing = argon2Hashing(cheap)
  t.true(await hashing.verify(await hashing.hash('caf\u00e9 au lait'), 'cafe\u0301 au lait'))
})

test('less work than asked for is outdated, more is not', async (t) => {
  const hashing = argon2Hashing({ ...cheap, passes: 3 })
  t.true(hashing.outdated(await hash('x', { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 })))
  t.true(hashing.outdated(await hash('x', { algorithm: 2, memoryCost: 8_192, timeCost: 3, parallelism: 1 })))
  t.true(hashing.outdated(await hash('x', { algorithm: 1, memoryCost: 19_456, timeCost: 3, parallelism: 1 })))
  t.false(hashing.outdated(await hash('x', { algorithm: 2, memoryCost: 19_456, timeCost: 4, parallelism: 1 })))
})

test('an unknown handle does the same work as a wrong password: a hash is compared', async (t) => {
  const { hashing, compared } = spyHashing()
  const { passwords } = await passwordBook(hashing)
  t.is((await passwords.check('alice', 'open sesame'))?.id, 'alice-id')
  t.is(await passwords.check('alice', 'wrong'), undefined)
  t.is(await passwords.check('nobody-here', 'open sesame'), undefined)
  t.is(await passwords.check('not a handle at all!', 'open sesame'), undefined)
  t.is(compared.length, 4)
  t.regex(compared[2]!, /^hash of [0-9a-f]{32}$/)
  t.is(compared[3], compared[2])
})

test('the compared stand-in fits no password, not even by way of an account without one', async (t) => {
  const { hashing, compared } = spyHashing()
  const { passwords } = await passwordBook(hashing)
  await passwords.remove('alice-id')
  t.is(await passwords.check('alice', 'open sesame'), undefined)
  const standIn = compared[0]!.replace('hash of ', '')
  t.is(await passwords.check('alice', standIn), undefined)
})

test('a log-in strengthens an outdated hash, and a change of the password at the same time wins', async (t) => {
  const strong: PasswordHashing = {
    hash: async (password) => `strong ${password}`,
    verify: async (phc, password) => phc.endsWith(password),
    outdated: (phc) => phc.startsWith('weak'),
  }
  const { passwords, rows } = await passwordBook(strong)
  const key = { user: 'alice-id', method: 'password', id: 'password' }
  await rows.updateIf(key, { secret: 'weak open sesame' })
  t.truthy(await passwords.check('alice', 'open sesame'))
  t.is((await rows.get(key))?.secret, 'strong open sesame')

  await rows.updateIf(key, { secret: 'weak open sesame' })
  const racing: PasswordHashing = {
    ...strong,
    hash: async (password) => {
      await rows.updateIf(key, { secret: 'strong new password' })
      return `strong ${password}`
    },
  }
  const { accounts } = await passwordBook(strong)
  const late = new Passwords({ accounts, rows, hashing: racing, clock: new FakeClock(), log })
  t.truthy(await late.check('alice', 'open sesame'))
  t.is((await rows.get(key))?.secret, 'strong new password')
})

test('a log-in counts though the hash could not be strengthened', async (t) => {
  let ready = false
  const { passwords } = await passwordBook({
    hash: async (password) => {
      if (ready) throw new Error('no memory')
      return `weak ${password}`
    },
    verify: async (phc, password) => phc === `weak ${password}`,
    outdated: () => true,
  })
  ready = true
  t.is((await passwords.check('alice', 'open sesame'))?.id, 'alice-id')
})

test('a few hashes run at a time, a bounded number waits, and more are told to come back', async (t) => {
  const turnstile = new Turnstile({ width: 2, queue: 3 })
  let running = 0
  let most = 0
  let open!: () => void
  const gate = new Promise<void>((resolve) => (open = resolve))
  const task = async () => {
    most = Math.max(most, ++running)
    await gate
    running--
    return 'done'
  }
  const tasks = Array.from({ length: 5 }, () => turnstile.run(task))
  const error = await t.throwsAsync(turnstile.run(task))
  t.like(error, { code: 'NATTER_BUSY', retryable: true })
  open()
  t.deepEqual(
    await Promise.all(tasks),
    Array.from({ length: 5 }, () => 'done'),
  )
  t.is(most, 2)
  t.is(await turnstile.run(async () => 'later'), 'later')
})

test('a failed task gives its place back', async (t) => {
  const turnstile = new Turnstile({ width: 1, queue: 1 })
  await t.throwsAsync(turnstile.run(async () => Promise.reject(new Error('failed'))))
  t.is(await turnstile.run(async () => 'next'), 'next')
})

const rules = passwordRules({ minLength: 8, words: ['natter', 'Acme'] })
const weak: Readonly<Record<string, string>> = {
  'seven characters': 'sevench',
  'seven characters of two units each': '😀'.repeat(7),
  'more than 128 characters': 'x1'.repeat(65),
  'a common password': 'password1',
  'a common password in capitals': 'PASSWORD1',
  'another common password': 'qwertyuiop',
  'the handle': 'Bartholomew',
  'the handle and a year cut short': '!Bartholomew26',
  'a word of this place with a number': 'Natter123',
  'a word of this place, twice': 'acmeACME!1',
}
for (const [what, password] of Object.entries(weak)) {
  test(`a password that is ${what} is refused`, async (t) => {
    await t.throwsAsync(rules(password, { handle: 'bartholomew' }), { code: 'AUTH_PASSWORD_WEAK' } as never)
  })
}
for (const [what, password] of Object.entries({
  'eight characters': 'gx7 kqz!',
  '64 characters': 'horse battery staple '.repeat(3) + 'x',
  'much more than a word of this place': 'natter at noon',
  '128 characters': 'ab'.repeat(64),
  'in another script': 'лошадь батарея',
})) {
  test(`a password of ${what} will do`, async (t) => {
    await t.notThrowsAsync(rules(password, { handle: 'alice' }))
  })
}
