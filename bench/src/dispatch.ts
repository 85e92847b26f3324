import { defineErrors, deny, hook } from '@natter/core/contract'
import type { Denied } from '@natter/core/contract'
import type { Runner } from '@natter/core'
import { secret, text } from './names.js'

// The process that times one way to run ten handlers, and tells the nanoseconds that each run took.

interface Draft {
  readonly text: string
  readonly from: string
}
interface Context {
  readonly now: number
}
type Veto = (draft: Draft, context: Context) => Denied | undefined

const BenchErrors = defineErrors('BENCH', { TOO_LONG: { status: 422, message: 'Too long.' } })
const benchAllow = hook.veto<Draft, Context>('bench.allow')
const handlers = Array.from(
  { length: 10 },
  (_, i): Veto =>
    (draft) =>
      draft.text.length > 10_000 + i ? deny(BenchErrors.TOO_LONG()) : undefined,
)

/** As frameworks do it that await whatever a handler gives. */
async function awaited(draft: Draft, context: Context): Promise<Denied | undefined> {
  for (const handler of handlers) {
    const verdict = await handler(draft, context)
    if (verdict) return verdict
  }
  return undefined
}

/** Ten plugins with one handler each, and the runner that the owner of the hook gets. */
async function compiled(): Promise<Runner<typeof benchAllow>> {
  const { createChat, definePlugin } = await import('@natter/core')
  const { memoryStorage, testIdentity } = await import('@natter/testkit')
  let run: Runner<typeof benchAllow> | undefined
  const owner = definePlugin({
    name: 'bench-owner',
    setup(api) {
      run = api.runner(benchAllow)
    },
  })
  const plugins = handlers.map((handler, i) =>
    definePlugin({ name: `bench-${i}`, setup: (api) => api.hook(benchAllow, handler) })(),
  )
  await createChat({ secrets: secret, plugins: [memoryStorage(), testIdentity(), owner(), ...plugins] })
  return run!
}

async function time(run: (draft: Draft, context: Context) => unknown, times: number): Promise<number> {
  // Drafts are made beforehand: what is timed is the run alone.
  const drafts = Array.from({ length: 64 }, (_, i) => ({ text, from: `user-${i}` }))
  const context = { now: Date.now() }
  const began = process.hrtime.bigint()
  for (let i = 0; i < times; i++) {
    const verdict = run(drafts[i & 63]!, context)
    if (verdict !== undefined) await verdict
  }
  return Number(process.hrtime.bigint() - began) / times
}

process.once('disconnect', () => process.exit())
const [, , way, times] = process.argv
const run = way === 'compiled' ? await compiled() : awaited
await time(run, Number(times) / 4)
process.send!(await time(run, Number(times)))
