/** `@natter/search`: finds messages and people, as far as who asks may read and find them. */
export { search } from './plugin.js'
