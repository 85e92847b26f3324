import { clientPlugin } from '@natter/client'
import type * as contract from './contract.js'

export const poll = clientPlugin<typeof contract>('poll', { vote: 1, create: 1, close: 'idempotent' })
