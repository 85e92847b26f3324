/** `@natter/groups`: groups and channels, with roles, invitations, links, bans and mutes. */
export { groups } from './plugin.js'
