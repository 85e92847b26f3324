import { readFileSync } from 'node:fs'
import test from 'ava'
import type { Chat } from '@natter/core'
import { offline } from '@natter/offline'
import { RawDevice, createTestChat } from '@natter/testkit'
import type { RawFrame } from '@natter/testkit'

const root = new URL('../../../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')
const lines = (path: string) =>
  read(path)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Session)

test('what is generated of the documentation is up to date', async (t) => {
  const { protocolDocs } = (await import(new URL('scripts/protocol-docs.mjs', root).href)) as {
    protocolDocs(): Promise<Record<string, string>>
  }
  for (const [path, content] of Object.entries(await protocolDocs())) {
    t.true(read(path) === content, `${path} is old: run node scripts/protocol-docs.mjs`)
  }
})

interface Session {
  readonly name: string
  readonly offline: boolean
  readonly steps: readonly (
    | { readonly from: string; readonly frame: RawFrame }
    | { readonly to: string; readonly frame: RawFrame }
    | { readonly to: string; readonly closed: number }
  )[]
}
for (const session of lines('docs/protocol/sessions.jsonl')) {
  test(`session: ${session.name}`, async (t) => {
    const { chat } = await createTestChat(
      t,
      session.offline ? { plugins: [offline()] } : { plugins: [], storage: null },
    )
    const devices = new Map<string, RawDevice>()
    const deviceOf = (name: string) => {
      const known = devices.get(name) ?? RawDevice.connect(chat as unknown as Chat)
      devices.set(name, known)
      return known
    }
    for (const step of session.steps) {
      if ('from' in step) deviceOf(step.from).send(step.frame)
      else if ('closed' in step) t.is((await deviceOf(step.to).closed).code, step.closed)
      else match(t, await deviceOf(step.to).next(step.frame[0]), step.frame)
    }
    t.pass()
  })
}

/** Lists item by item, objects by the fields that are expected. */
function match(
  t: { is(a: unknown, b: unknown, why?: string): boolean },
  actual: unknown,
  expected: unknown,
  at = '',
): void {
  if (expected === '$time') t.is(typeof actual, 'number', at)
  else if (Array.isArray(expected)) {
    t.is((actual as unknown[]).length, expected.length, at)
    expected.forEach((item, i) => match(t, (actual as unknown[])[i], item, `${at}[${i}]`))
  } else if (typeof expected === 'object' && expected !== null) {
    for (const [key, value] of Object.entries(expected)) {
      match(t, (actual as Record<string, unknown>)[key], value, `${at}.${key}`)
    }
  } else t.is(actual, expected, at)
}
