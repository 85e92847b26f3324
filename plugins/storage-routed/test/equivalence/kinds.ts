import type { Chat } from '@natter/core'

type Schema = Readonly<Record<string, unknown>>

/** What no contract declares: the core's own kind of body. */
const own = ['text']

/**
 * Every kind of event and entry that a chat declares in its document: `friends.changed`, `poll`, and where one says `what` happened
 * each of those, `act/edited`.
 */
export function kindsOf(chat: Pick<Chat, 'asyncApi'>): readonly string[] {
  const { components } = chat.asyncApi() as { components: { schemas: Readonly<Record<string, Schema>> } }
  const declared = Object.entries(components.schemas).flatMap(([name, schema]) => {
    const [, kind] = /^(.*)\.(?:payload|body)$/.exec(name) ?? []
    if (kind === undefined) return []
    const whats = [...new Set(whatsIn(schema))]
    return whats.length === 0 ? [kind] : whats.map((what) => `${kind}/${what}`)
  })
  return [...own, ...declared].toSorted()
}

/** The values that something called `what` can have, anywhere in a schema. */
function whatsIn(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return []
  return Object.entries(schema).flatMap(([name, part]) => (name === 'what' ? valuesIn(part) : whatsIn(part)))
}

function valuesIn(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const {
    const: one,
    enum: several = [],
    anyOf = [],
  } = schema as { const?: string; enum?: string[]; anyOf?: unknown[] }
  return [...(one === undefined ? [] : [one]), ...several, ...anyOf.flatMap(valuesIn)]
}

/** The kind of something that was told: an event by its name, an entry by its type. */
export function kindOf(name: string, told: object): string {
  const { what, event } = told as { readonly what?: string; readonly event?: { readonly what?: string } }
  const said = what ?? event?.what
  return said === undefined ? name : `${name}/${said}`
}
