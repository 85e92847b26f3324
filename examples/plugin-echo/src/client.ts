import { clientPlugin } from '@natter/client'
import type * as contract from './contract.js'

/** The client's half: `chat.echo.say({ text })`, typed by the contract, of which a browser loads nothing. */
export const echo = clientPlugin<typeof contract>('echo', { say: 1 })
