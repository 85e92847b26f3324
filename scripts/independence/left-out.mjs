// What stands for a plugin that is left out: nothing, under another name.
import { definePlugin } from '../../core/dist/index.js'

const anything = { '~standard': { version: 1, vendor: 'natter', validate: (value) => ({ value }) } }
const nothing = (name) => definePlugin({ name: `without-${name}`, config: anything, setup: () => undefined })

export const friends = nothing('friends')
export const presence = nothing('presence')
export const groups = nothing('groups')
export const actions = nothing('actions')
export const search = nothing('search')
