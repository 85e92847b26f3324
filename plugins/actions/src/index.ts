/** `@natter/actions`: what one does to messages: edit, delete, react, reply, thread, poll, forward, pin. */
export { actions } from './plugin.js'
