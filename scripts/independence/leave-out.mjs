// Loaded before anything else (`node --import …/leave-out.mjs?plugin=groups`): the plugin is not there. Its contract is, as
// others name it.
import { register } from 'node:module'

const plugin = new URL(import.meta.url).searchParams.get('plugin')
register('./resolve.mjs', import.meta.url, {
  data: { from: `@natter/${plugin}`, to: new URL('left-out.mjs', import.meta.url).href },
})
