import { definePlugin } from '#src/kernel/plugin.js'

/** A factory that somebody forgets to call. */
export const auth = definePlugin({ name: 'auth', setup: () => undefined })
export const storageSql = definePlugin({ name: 'storage-sql', setup: () => undefined })
