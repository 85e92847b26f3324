import { andThen, conversationOpen, messageAllow, NatterErrors, userShow } from '@natter/core'
import type { PluginApi } from '@natter/core'
import { deny } from '@natter/core/contract'
import type { Awaitable } from '@natter/core/contract'
import type { Relations } from './contract.js'

const unlessAllowed = (allowed: Awaitable<boolean>) =>
  andThen(allowed, (yes) => (yes ? undefined : deny(NatterErrors.NOT_AVAILABLE)))

/** Refuses by what people are to each other: new conversations, what is written in those of two, finding, being told. */
export function refuseBy(relations: Relations, api: Pick<PluginApi, 'hook'>): void {
  api.hook(conversationOpen, ({ from, to }) => unlessAllowed(relations.may(from, to, 'message')))
  // In groups a block does not act: there the client folds what the blocked person writes.
  api.hook(messageAllow, ({ from }, { peer }) =>
    peer === undefined || peer === from ? undefined : unlessAllowed(relations.may(from, peer, 'message')),
  )
  api.hook(userShow, ({ user, to, why }) =>
    why === 'find'
      ? unlessAllowed(relations.may(to, user, 'find'))
      : unlessAllowed(andThen(relations.blocked(user, to), (blocked) => !blocked)),
  )
}
