import { createHmac, hash } from 'node:crypto'

/** The secret of a person's link by their own id for it. */
export const linkSecret = (key: Buffer, group: string, me: string, own: string): string =>
  createHmac('sha256', key).update(`${group}\n${me}\n${own}`).digest('base64url').slice(0, 22)

/** The id of a link, as the log and the group know it: its secret cannot be told from it. */
export const linkId = (secret: string): string => `l${hash('sha256', secret, 'base64url').slice(0, 21)}`

/** What is given to others: the group and the secret. */
export const linkUrl = (group: string, secret: string): string => `${group}~${secret}`

/** The group and the link that a given text names; nothing where it is none. */
export function linkOf(url: string): { readonly group: string; readonly link: string } | undefined {
  const [, group, secret] = /^([A-Za-z0-9_.@:-]{1,64})~([A-Za-z0-9_-]{1,64})$/.exec(url) ?? []
  return group && secret ? { group, link: linkId(secret) } : undefined
}
