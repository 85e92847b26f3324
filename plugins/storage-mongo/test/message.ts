import type { Append } from '@natter/core/contract'

export function message(conversation: string, from: string, clientId: string, more: Partial<Append> = {}): Append {
  const body = JSON.stringify({ text: clientId })
  return { conversation, from, clientId, at: 1_000, body, digest: `digest of ${clientId}`, counts: true, ...more }
}
export const group = (...members: string[]): NonNullable<Append['open']> => ({ kind: 'group', members })
export const direct = (...members: string[]): NonNullable<Append['open']> => ({ kind: 'direct', members })
export const numbers = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i)
