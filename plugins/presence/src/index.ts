/** `@natter/presence`: who is there, who is away, who is writing. */
export { presence } from './plugin.js'
