import { definePlugin } from '@natter/core'
import { presenceSee } from '@natter/presence/contract'

/** Everybody may see how everybody is. */
export const allSee = definePlugin({
  name: 'bench-all-see',
  setup: (api) => api.hook(presenceSee, () => true),
})
