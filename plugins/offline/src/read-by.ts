import { NatterErrors } from '@natter/core'
import type { Runner, userShow } from '@natter/core'
import { isDenied } from '@natter/core/contract'
import type { Log } from '@natter/core/contract'
import type { MembershipCache } from './membership-cache.js'
import { readable } from './resume.js'
import { OfflineErrors } from './settings-contract.js'

/** In larger conversations nobody is told who has read. */
const mostMembers = 100

interface ReadByParts {
  readonly log: Log
  readonly members: MembershipCache
  readonly show: Runner<typeof userShow>
}

/**
 * Who has read an entry that `user` may read, and who has only received it, by what the log knows: who reads in private has
 * received it there. Who came after it, who has left, and whom the asking person may not see are in neither.
 *
 * @throws NATTER_NOT_FOUND, OFFLINE_GROUP_LARGE
 */
export async function readByWhom(
  { log, members, show }: ReadByParts,
  user: string,
  { conversation, seq }: { readonly conversation: string; readonly seq: number },
): Promise<{ read: string[]; received: string[] }> {
  const state = await readable(log, user, conversation)
  if (seq <= state.me.floor || seq > state.seq) throw NatterErrors.NOT_FOUND()
  const place = await members.get(conversation)
  if ((place?.users.length ?? 0) > mostMembers) throw OfflineErrors.GROUP_LARGE()
  const [membership, [entry]] = await Promise.all([
    log.membership(conversation),
    log.range(conversation, { from: seq, to: seq, limit: 1, bytes: 1 }),
  ])
  const others = (membership?.members ?? []).filter(
    (member) => !member.left && member.floor < seq && member.user !== user && member.user !== entry?.from,
  )
  const shown = await Promise.all(
    others.map(async (member) => !isDenied(await show({ user: member.user, to: user, why: 'read' }, undefined))),
  )
  const seen = others.filter((_, i) => shown[i])
  return {
    read: seen.filter(({ read }) => read >= seq).map((member) => member.user),
    received: seen.filter(({ read, received }) => read < seq && received >= seq).map((member) => member.user),
  }
}
