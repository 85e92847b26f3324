import { readFileSync } from 'node:fs'
import test from 'ava'
import { clientFrames, serverFrames } from '@natter/core/protocol'

const root = new URL('../../../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')
const lines = <T>(path: string) =>
  read(path)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T)

test('every kind of frame has an example in the documentation', (t) => {
  const page = read('docs/protocol.md')
  for (const schema of new Set([...Object.values(clientFrames), ...Object.values(serverFrames)])) {
    const first = schema.def.items[0] as unknown as { value: string }
    t.regex(page, new RegExp(`\\["${first.value}"`), first.value)
  }
})

interface FrameVector {
  readonly name: string
  readonly side: 'client' | 'server'
  readonly kind: string
  readonly valid: boolean
  readonly text: string
}
for (const { name, side, kind, valid, text } of lines<FrameVector>('docs/protocol/frames.jsonl')) {
  test(`frame: ${name}`, (t) => {
    const frames = side === 'client' ? clientFrames : serverFrames
    const schema = frames[kind as keyof typeof frames]
    t.is(schema.safeParse(JSON.parse(text)).success, valid)
  })
}

test('there is a valid frame of every kind among the vectors', (t) => {
  const seen = new Set(
    lines<FrameVector>('docs/protocol/frames.jsonl')
      .filter(({ valid }) => valid)
      .map(({ side, kind }) => `${side} ${kind}`),
  )
  for (const kind of Object.keys(clientFrames)) t.true(seen.has(`client ${kind}`), kind)
  for (const kind of Object.keys(serverFrames)) {
    if (kind !== 'ping' && kind !== 'pong') t.true(seen.has(`server ${kind}`), kind)
  }
})
