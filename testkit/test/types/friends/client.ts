import { clientPlugin } from '@natter/client'
import type * as contract from './contract.js'

export const friends = clientPlugin<typeof contract>('friends', { request: 1, list: 1 }).with(
  (_api, _options: void) => ({
    online: new Set<string>(),
  }),
)
