import { createHmac } from 'node:crypto'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import test from 'ava'
import type { ExecutionContext } from 'ava'
import { derivedSecrets } from '#src/services/derived-secrets.js'
import { readSecretFile } from '#src/services/secret-file.js'

const strong = 'correct-horse-battery-staple-and-more-42'
const other = 'another-horse-with-another-battery-0815'

function folderOf(t: ExecutionContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'natter-secrets-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
const nowhere = '/nonexistent/never-touched'
const hex = (key: Buffer) => key.toString('hex')

/** HKDF written down as RFC 5869 defines it, for one block. */
function hkdf(secret: string, salt: string, info: string): string {
  const prk = createHmac('sha256', salt).update(secret).digest()
  return createHmac('sha256', prk)
    .update(info)
    .update(Buffer.from([1]))
    .digest('hex')
}

test('a key is HKDF-SHA-256 of the master secret and its purpose', (t) => {
  const secrets = derivedSecrets({ secrets: strong, env: {}, folder: nowhere })
  const { key, kid } = secrets.current('ticket')
  t.is(hex(key), hkdf(strong, 'natter', 'ticket'))
  t.is(key.length, 32)
  t.regex(kid, /^[A-Za-z0-9_-]{8}$/)
})

test('keys differ by purpose and by secret, and stay the same otherwise, with their kid', (t) => {
  const one = derivedSecrets({ secrets: strong, env: {}, folder: nowhere })
  const again = derivedSecrets({ secrets: strong, env: {}, folder: nowhere })
  const second = derivedSecrets({ secrets: other, env: {}, folder: nowhere })
  t.deepEqual(one.current('a'), again.current('a'))
  t.not(hex(one.current('a').key), hex(one.current('b').key))
  t.not(hex(one.current('a').key), hex(second.current('a').key))
  t.not(one.current('a').kid, second.current('a').kid)
  t.is(one.current('a').kid, one.current('b').kid)
})

test('neither key nor kid shows the secret', (t) => {
  const { key, kid } = derivedSecrets({ secrets: strong, env: {}, folder: nowhere }).current('a')
  t.false(strong.includes(kid))
  t.false(key.toString('utf8').includes(strong))
})

test('of several secrets the newest signs and all verify', (t) => {
  const secrets = derivedSecrets({ env: { NATTER_SECRETS: `new:${strong},old:${other}` }, folder: nowhere })
  t.deepEqual(
    secrets.all('a').map(({ kid }) => kid),
    ['new', 'old'],
  )
  t.deepEqual<unknown, unknown>(secrets.current('a'), secrets.all('a')[0])
  t.is(hex(secrets.current('a').key), hkdf(strong, 'natter', 'a'))
})

test('a secret may contain colons', (t) => {
  const secrets = derivedSecrets({ env: { NATTER_SECRETS: `k:${strong}:more` }, folder: nowhere })
  t.is(hex(secrets.current('a').key), hkdf(`${strong}:more`, 'natter', 'a'))
})

test('what is passed wins over the environment, and that over the file', (t) => {
  const folder = folderOf(t)
  const env = { NATTER_SECRET: other }
  t.is(hex(derivedSecrets({ secrets: strong, env, folder }).current('a').key), hkdf(strong, 'natter', 'a'))
  const list = [{ kid: 'k', secret: strong }]
  t.is(derivedSecrets({ secrets: list, env, folder }).current('a').kid, 'k')
  t.is(hex(derivedSecrets({ env, folder }).current('a').key), hkdf(other, 'natter', 'a'))
  t.deepEqual(readdirSync(folder), [])
})

test('both variables at once are refused', (t) => {
  t.throws(() => derivedSecrets({ env: { NATTER_SECRET: strong, NATTER_SECRETS: `k:${other}` }, folder: nowhere }), {
    code: 'NATTER_CONFIG_INVALID',
    message:
      'NATTER_SECRET and NATTER_SECRETS are both set.\n' +
      '  Keep one; to rotate, put all into NATTER_SECRETS, newest first.',
  })
})

for (const [what, env, message] of [
  [
    'a short one',
    { NATTER_SECRET: 'changeme' },
    'NATTER_SECRET has a secret of 8 characters; it needs at least 32 random ones.\n  Make one: openssl rand -base64 48',
  ],
  [
    'one that repeats itself',
    { NATTER_SECRET: 'abc'.repeat(20) },
    'NATTER_SECRET has a secret that repeats itself; it needs at least 32 random ones.\n  Make one: openssl rand -base64 48',
  ],
  [
    'a short one among others',
    { NATTER_SECRETS: `a:${strong},b:short` },
    'NATTER_SECRETS has a secret of 5 characters; it needs at least 32 random ones.\n  Make one: openssl rand -base64 48',
  ],
] as const) {
  test(`a weak secret is refused at once, and not repeated: ${what}`, (t) => {
    t.throws(() => derivedSecrets({ env, folder: nowhere }), { code: 'NATTER_SECRET_WEAK', message })
  })
}

for (const [what, text] of [
  ['no kid', strong],
  ['a kid twice', `a:${strong},a:${other}`],
  ['a kid of other characters', `a b:${strong}`],
  ['nothing', ' , '],
] as const) {
  test(`secrets that cannot be read are refused: ${what}`, (t) => {
    t.throws(() => derivedSecrets({ env: { NATTER_SECRETS: text }, folder: nowhere }), {
      code: 'NATTER_CONFIG_INVALID',
      message:
        'NATTER_SECRETS cannot be read as secrets.\n' +
        '  Write kid:secret,kid:secret with the newest first, each kid once, of A-Z a-z 0-9 _ -.',
    })
  })
}

test('no file is made before a key is asked for', (t) => {
  const folder = folderOf(t)
  const secrets = derivedSecrets({ env: {}, folder: join(folder, 'data') })
  t.deepEqual(readdirSync(folder), [])
  secrets.current('a')
  t.deepEqual(readdirSync(join(folder, 'data')), ['secrets'])
})

test('the file is readable by its owner only, and gives the same keys at the next start', (t) => {
  const folder = folderOf(t)
  const first = derivedSecrets({ env: {}, folder }).current('a')
  t.is(statSync(join(folder, 'secrets')).mode & 0o777, 0o600)
  t.deepEqual(derivedSecrets({ env: {}, folder }).current('a'), first)
  t.not(hex(derivedSecrets({ env: {}, folder: folderOf(t) }).current('a').key), hex(first.key))
})

test('a secret is rotated by a line above', (t) => {
  const folder = folderOf(t)
  const first = derivedSecrets({ env: {}, folder }).current('a')
  const path = join(folder, 'secrets')
  writeFileSync(path, `next:${strong}\n${readFileSync(path, 'utf8')}`)
  const [newest, old] = derivedSecrets({ env: {}, folder }).all('a')
  t.is(newest?.kid, 'next')
  t.deepEqual(old, first)
})

test('a file that others can read is refused', (t) => {
  const folder = folderOf(t)
  derivedSecrets({ env: {}, folder }).current('a')
  const path = join(folder, 'secrets')
  for (const mode of [0o640, 0o604, 0o660]) {
    chmodSync(path, mode)
    t.throws(() => derivedSecrets({ env: {}, folder }).current('a'), {
      code: 'NATTER_SECRET_EXPOSED',
      message: `The file with the secrets, ${path}, can be read by others.\n  Run: chmod 600 ${path}. If others had access, make a new secret.`,
    })
  }
})

test('a weak secret in the file is refused by its path', (t) => {
  const folder = folderOf(t)
  const path = join(folder, 'secrets')
  writeFileSync(path, 'k:short\n', { mode: 0o600 })
  t.throws(() => derivedSecrets({ env: {}, folder }).current('a'), {
    code: 'NATTER_SECRET_WEAK',
    message: `${path} has a secret of 5 characters; it needs at least 32 random ones.\n  Make one: openssl rand -base64 48`,
  })
})

test('a file that can be neither read nor made is told with what to do', (t) => {
  const folder = folderOf(t)
  writeFileSync(join(folder, 'in-the-way'), '')
  const path = join(folder, 'in-the-way', 'secrets')
  t.throws(() => readSecretFile(path), {
    code: 'NATTER_SECRET_UNREADABLE',
    message:
      `The file with the secrets, ${path}, can be neither read nor made (ENOTDIR).\n` +
      '  Make its folder writable for this user, or set NATTER_SECRET.',
  })
})

test('of many that start at once one makes the file, all read the same, and nothing is left over', async (t) => {
  const folder = folderOf(t)
  const path = join(folder, 'secrets')
  const module = new URL('../../../dist/services/secret-file.js', import.meta.url).href
  const script = `
    import { parentPort, workerData } from 'node:worker_threads'
    const { readSecretFile } = await import(workerData.module)
    parentPort.once('message', () => parentPort.postMessage(readSecretFile(workerData.path)))
    parentPort.postMessage('ready')
  `
  const workers = Array.from(
    { length: 6 },
    () => new Worker(new URL(`data:text/javascript,${encodeURIComponent(script)}`), { workerData: { module, path } }),
  )
  const next = (worker: Worker) =>
    new Promise<unknown>((done, fail) => worker.once('message', done).once('error', fail))
  await Promise.all(workers.map(next))
  const answers = workers.map(next)
  for (const worker of workers) worker.postMessage('go', [])
  const texts = await Promise.all(answers)
  t.is(new Set(texts).size, 1)
  t.deepEqual(readdirSync(folder), ['secrets'])
  await Promise.all(workers.map((worker) => worker.terminate()))
})
