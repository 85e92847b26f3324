import type { Body } from '../contract/index.js'
import type { ConnectionRegistry } from '../gateway/registry.js'
import {
  conversationEntry,
  conversationMembers,
  conversationOpen,
  messageAllow,
  messageChange,
  messageKnown,
  messageRecipients,
  messageStore,
  messageStored,
} from '../hooks.js'
import type { Kernel } from '../kernel/kernel.js'
import { parseWith } from '../kernel/parse-with.js'
import { BodyChecks } from '../pipeline/body-checks.js'
import type { CheckBody } from '../pipeline/body-checks.js'
import { DirectIds } from '../pipeline/direct-ids.js'
import { OpenedPlaces } from '../pipeline/opened-places.js'
import type { PipelineParts } from '../pipeline/parts.js'
import { RelayMemory } from '../pipeline/relay-memory.js'
import type { Limits } from '../protocol/limits.js'
import type { Clock } from '../services/clock.js'
import type { Secrets } from '../services/secrets.js'
import { Users } from '../services/users.js'
import type { HostListeners } from './host-events.js'

/** Resolves what the pipeline works with, once: compiled hooks, services, keys. Services are used only after boot. */
export function pipelineParts(made: {
  readonly kernel: Kernel
  readonly clock: Clock
  readonly limits: Limits
  readonly registry: ConnectionRegistry
  readonly secrets: Secrets
  readonly listeners: HostListeners
}): PipelineParts {
  const { kernel, clock, limits, registry, secrets, listeners } = made
  const bodies = new Map([...kernel.bodies].map(([type, { body }]) => [type, check(body)]))
  let users: Users | undefined
  const stored = kernel.uses(messageStored) ? kernel.runBody(messageStored) : undefined
  const storedAndHeard: typeof stored = (message, context) => {
    stored?.(message, context)
    listeners.emit('message', message)
  }
  return {
    clock,
    bodies: new BodyChecks(bodies, limits),
    opened: new OpenedPlaces(),
    directIds: new DirectIds(),
    relayed: new RelayMemory(clock),
    // Asked for only where something is stored: without that no secret is made.
    digestKeys: kernel.uses(messageStore)
      ? secrets.all('core.body-digest').map(({ key }) => key.toString('base64url'))
      : [],
    exists: kernel.provides(Users) ? (user) => (users ??= kernel.get(Users)).exists(user) : undefined,
    mayOpen: (user) => registry.mayOpen(user),
    deliver: (to, frame, options) => registry.deliver(to, frame, options),
    open: kernel.uses(conversationOpen) ? kernel.run(conversationOpen) : undefined,
    openWithout: (plugins) =>
      kernel.uses(conversationOpen) ? kernel.runWithout(conversationOpen, plugins) : undefined,
    members: kernel.uses(conversationMembers) ? kernel.run(conversationMembers) : undefined,
    allow: kernel.uses(messageAllow) ? kernel.runBody(messageAllow) : undefined,
    allowWithout: (plugins) => (kernel.uses(messageAllow) ? kernel.runBodyWithout(messageAllow, plugins) : undefined),
    change: kernel.uses(messageChange) ? kernel.runBody(messageChange) : undefined,
    store: kernel.uses(messageStore) ? kernel.run(messageStore) : undefined,
    known: kernel.uses(messageKnown) ? kernel.run(messageKnown) : undefined,
    entry: kernel.uses(conversationEntry) ? kernel.run(conversationEntry) : undefined,
    recipients: kernel.uses(messageRecipients) ? kernel.runBody(messageRecipients) : undefined,
    get stored() {
      return listeners.has('message') ? storedAndHeard : stored
    },
  }
}

const check =
  (body: Body): CheckBody =>
  (fields) =>
    parseWith(body.schema as never, fields) as Readonly<Record<string, unknown>>
