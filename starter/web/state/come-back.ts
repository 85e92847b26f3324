import { oidcClient } from '@natter/auth/oidc/client'
import { codeOf } from '../text/error-text.js'
import type { App } from './app-state.js'
import { hashOf } from './route.js'

/**
 * Goes on where somebody left the page for a provider. `returned` is asked before the address is read, because the mark of
 * the return stands in it.
 */
export function comeBack(session: App['session']): ((app: App) => Promise<void>) | undefined {
  const elsewhere = oidcClient(session)
  const back = elsewhere.returned()
  if (!back) return undefined
  return async (app) => {
    const linking = app.account.value !== undefined
    if (linking) location.hash = hashOf({ name: 'ways' })
    try {
      if (back.error !== undefined) {
        app.fruitless.value = back.error
        return
      }
      if (linking) await session.resume()
      const answer = await elsewhere.finish()
      if (answer.status === 'linked') app.linked.value = true
      else if (answer.status === 'new') {
        await app.ways.ask()
        const provider = app.ways.offered.value.providers.find(({ id }) => id === answer.provider)?.name
        const { handle = '', name } = answer
        app.step.value = { kind: 'newcomer', provider: provider ?? answer.provider, handle, name }
      } else app.answered(answer)
    } catch (error) {
      app.fruitless.value = codeOf(error) ?? 'unknown'
    }
  }
}
