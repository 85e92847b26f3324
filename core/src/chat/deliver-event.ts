import { isDenied } from '../contract/index.js'
import type { Event } from '../contract/index.js'
import { eventText } from '../gateway/registry.js'
import type { ConnectionRegistry } from '../gateway/registry.js'
import type { Audience } from '../kernel/plugin.js'
import type { Logger } from '../kernel/logger.js'
import { tellShed } from '../kernel/tracing.js'
import type { PipelineParts } from '../pipeline/parts.js'

/** Hands an event to whom it is for: a hint, dropped for who reads slowly, and a momentary one by a server that is behind. */
export function deliverEvent(
  registry: ConnectionRegistry,
  members: PipelineParts['members'],
  log: Logger,
  event: Event,
  to: Audience,
  payload: unknown,
): void {
  if (event.momentary && registry.behind) return tellShed(event.name, 'server')
  const frame = eventText(event.name, payload)
  const options = { except: undefined, hint: undefined, event: event.name }
  if ('users' in to) registry.deliver(to.users, frame, options)
  else if ('device' in to) registry.deliver([to.user], frame, { ...options, device: to.device })
  else if ('user' in to) registry.deliver([to.user], frame, { ...options, exceptDevice: to.exceptDevice })
  else if (members) {
    Promise.resolve(members(to.conversation, undefined)).then(
      (found) => {
        if (!found || isDenied(found)) return
        registry.deliver(found.users, frame, { ...options, exceptUser: to.except })
      },
      (error: unknown) => log.warn({ err: error }, 'an event had no audience: the members could not be read'),
    )
  }
}
