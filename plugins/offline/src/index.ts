/** `@natter/offline`: messages are kept, and whoever was away finds them. */
export { offline } from './plugin.js'
