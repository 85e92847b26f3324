import type { ConversationState, LogEntry } from '@natter/core/contract'

/** The JSON texts of answers. Bodies are spliced in as they are stored; ids and kinds are of a set without escapes. */
export function entryText(entry: LogEntry): string {
  const changed = entry.changedBy === undefined ? '' : `,${entry.changedBy}`
  return `[${entry.seq},${entry.n},"${entry.from}",${entry.at},"${entry.clientId}",${entry.body === '' ? '{}' : entry.body}${changed}]`
}

export function stateText(state: ConversationState): string {
  const { me } = state
  const left = me.left ? ',"left":true' : ''
  const members =
    state.members.length === 0
      ? ''
      : `,"members":[${state.members.map(({ user, read, received }) => `{"user":"${user}","read":${read},"received":${received}}`).join(',')}]`
  const last = state.last && !me.left ? `,"last":${entryText(state.last)}` : ''
  return (
    `{"id":"${state.conversation}","kind":"${state.kind}","head":${state.seq},"n":${state.n},"at":${state.at},` +
    `"me":{"read":${me.read},"received":${me.received},"floor":${me.floor}${left}},"unread":${state.unread}${members}${last}}`
  )
}
