import type { Admission } from '../kernel/context.js'
import type { Limits } from '../protocol/limits.js'
import { protocolVersion } from '../protocol/frames.js'
import type { LiveConnection } from './live-connection.js'

/** What is the same in every welcome, as the beginning of its object. */
export function welcomeHead(plugins: ReadonlyMap<string, number>, limits: Limits): string {
  const { frameBytes, textLength, bodyBytes, pingMs } = limits
  const same = {
    protocol: protocolVersion,
    plugins: Object.fromEntries(plugins),
    limits: { frameBytes, textLength, bodyBytes, pingMs },
  }
  return JSON.stringify(same).slice(0, -1)
}

/** The welcome of a connection. Ids are of a set without escapes; `extra` is what plugins add, the last of a name counts. */
export function welcomeText(
  head: string,
  { user, device, session, id, since }: LiveConnection,
  { ticket, ticketExpiresAt }: Admission,
  extra: readonly (readonly [string, unknown])[],
): string {
  let text =
    `["welcome",${head},"user":"${user}","device":"${device}","session":"${session}","connection":"${id}",` +
    `"now":${since}`
  if (ticket !== undefined) text += `,"ticket":${JSON.stringify(ticket)}`
  if (ticketExpiresAt !== undefined) text += `,"ticketExpiresAt":${ticketExpiresAt}`
  for (const [name, value] of extra) {
    const json = JSON.stringify(value) as string | undefined
    if (json !== undefined) text += `,${JSON.stringify(name)}:${json}`
  }
  return `${text}}]`
}
