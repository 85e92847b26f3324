/** `@natter/friends`: who is whose friend, who may reach whom, and who is blocked. */
export { friends } from './plugin.js'
