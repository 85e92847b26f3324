import { readFileSync } from 'node:fs'
import test from 'ava'

const dist = new URL('../../dist/', import.meta.url)

/** The packages that a built module loads, itself and by what it imports. */
function packages(entry: string): string[] {
  const found = new Set<string>()
  const seen = new Set<string>()
  const walk = (url: URL) => {
    if (seen.has(url.href)) return
    seen.add(url.href)
    const text = readFileSync(url, 'utf8')
    for (const [, name] of text.matchAll(/^(?:import|export)\b(?:[^'"\n]* from)? ['"]([^'"]+)['"]/gm)) {
      if (name!.startsWith('.')) walk(new URL(name!, url))
      else if (!name!.startsWith('node:')) found.add(name!)
    }
  }
  walk(new URL(entry, dist))
  return [...found].sort()
}
const heavy = ['@simplewebauthn/server', 'openid-client', 'otpauth']

test('what is not used is not loaded', (t) => {
  t.true(packages('index.js').includes('jose'), 'the walk finds something')
  for (const entry of ['index.js', 'contract.js', 'host.js']) {
    t.deepEqual(
      packages(entry).filter((name) => heavy.includes(name)),
      [],
      entry,
    )
  }
  for (const [entry, own] of [
    ['totp.js', 'otpauth'],
    ['passkeys.js', '@simplewebauthn/server'],
    ['oidc.js', 'openid-client'],
  ] as const) {
    t.deepEqual(
      packages(entry).filter((name) => heavy.includes(name)),
      [own],
    )
  }
})

test('what browsers load needs the client only', (t) => {
  for (const entry of ['client.js', 'client/totp-client.js', 'client/passkeys-client.js', 'client/oidc-client.js']) {
    t.deepEqual(
      packages(entry).filter((name) => name !== '@natter/client'),
      [],
      entry,
    )
  }
})
