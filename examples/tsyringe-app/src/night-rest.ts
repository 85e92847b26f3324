import { definePlugin, messageAllow } from '@natter/core'
import { defineErrors, deny, token } from '@natter/core/contract'
import type { Token } from '@natter/core/contract'

/** What the plugin needs of whoever knows the time of day. It knows neither this app nor its container. */
export interface Hours {
  areOver(): boolean
}
export const Hours: Token<Hours, 'hours'> = token('hours').of()
export const NightRestErrors = defineErrors('NIGHT_REST', {
  CLOSED: { status: 409, message: 'It is late. Send it in the morning.' },
})

/** Lets people sleep: outside the hours nobody is written to. */
export const nightRest = definePlugin({
  name: 'night-rest',
  needs: { hours: Hours },
  setup(api, { hours }) {
    api.hook(messageAllow, () => (hours.areOver() ? deny(NightRestErrors.CLOSED) : undefined))
  },
})
