import type { Append } from '@natter/core/contract'

export function message(conversation: string, from: string, clientId: string, more: Partial<Append> = {}): Append {
  const body = JSON.stringify({ text: clientId })
  return { conversation, from, clientId, at: 1_000, body, digest: `digest of ${clientId}`, counts: true, ...more }
}
