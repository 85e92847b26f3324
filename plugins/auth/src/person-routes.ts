import { Readable } from 'node:stream'
import type { Clock, Exported, PersonalData, PluginApi } from '@natter/core'
import { principalOf } from './arriving.js'
import { routes } from './contract.js'
import type * as contract from './contract.js'
import type { Desk } from './desk.js'
import type { RefreshCookie } from './refresh-cookie.js'

/** Who erases their account waits so long for it to be done, ms; then it goes on without them. */
const patienceMs = 5_000

/** Answers what people ask for as is their right: their data, and that it goes. A session that somebody left open is not enough. */
export function answerPersonRoutes(
  api: PluginApi<typeof contract>,
  parts: {
    readonly desk: () => Desk
    readonly cookie: RefreshCookie
    readonly personalData: PersonalData
    readonly clock: Clock
  },
): void {
  const { desk, cookie, personalData, clock } = parts
  api.route(routes.exportMe, async (proof, context) => {
    const who = principalOf(context)
    await desk().fresh.confirm(who, proof)
    api.log.info({ user: who.user }, 'a person exports their data')
    context.ctx.set('Content-Disposition', 'attachment; filename="my-data.jsonl"')
    context.ctx.set('Cache-Control', 'no-store')
    context.ctx.type = 'application/x-ndjson'
    context.ctx.body = Readable.from(lines(personalData.export(who.user)))
  })
  api.route(routes.eraseMe, async (proof, context) => {
    const who = principalOf(context)
    await desk().fresh.confirm(who, proof)
    api.log.info('a person erases their account')
    const erased = personalData.erase(who.user)
    // It is recorded and goes on; what it met later is in the log.
    const patience = new Promise<void>((resolve) => clock.after(patienceMs, resolve))
    await Promise.race([erased, patience])
    erased.catch((err: unknown) => api.log.warn({ err }, 'an erasure is not done yet'))
    if (cookie.sent(context.ctx)) cookie.clear(context.ctx)
    return {}
  })
}

async function* lines(items: AsyncIterable<Exported>): AsyncGenerator<string> {
  for await (const item of items) yield `${JSON.stringify(item)}\n`
}
