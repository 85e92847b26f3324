import { z } from 'zod'
import { command, defineErrors, event, field, model, route } from '@natter/core/contract'
import { text } from '@natter/core/schema'

const echoed = z.object({ text: z.string(), times: z.int() })

/** Says something into the valley. */
export const say = command('echo.say', { input: z.object({ text: text(200, 1) }), output: echoed })
/** Tells all devices of the person that the echo answered one of them. */
export const answered = event('echo.answered', echoed)
/** How often the echo has answered me. */
export const count = route('echo.count', {
  method: 'GET',
  path: '/count',
  summary: 'How often the echo has answered you',
  output: z.object({ times: z.int() }),
})
export const EchoErrors = defineErrors('ECHO', {
  SHOUTING: { status: 422, message: 'The echo does not carry shouting. Write it in small letters.' },
})
export const tally = model('tally', { fields: { user: field.id(), times: field.int() }, key: ['user'] })
