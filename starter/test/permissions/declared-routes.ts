import type { Chat } from '@natter/core'

export interface Declared {
  readonly method: string
  /** Below the prefix, with `{name}` for what is in it. */
  readonly path: string
}
type Operations = Readonly<Record<string, { readonly operationId: string }>>

/** The routes that a chat declares, by their names. */
export function declaredRoutes(chat: Chat): ReadonlyMap<string, Declared> {
  const { paths } = chat.openApi() as { paths: Readonly<Record<string, Operations>> }
  return new Map(
    Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, { operationId }]) => [
        operationId,
        { method: method.toUpperCase(), path },
      ]),
    ),
  )
}

/** Where an input goes: what the path names into the path, the rest into the query or the body. */
export function requestOf({ method, path }: Declared, input: object) {
  const rest = new Map(Object.entries(input as Readonly<Record<string, unknown>>))
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = encodeURIComponent(String(rest.get(name)))
    rest.delete(name)
    return value
  })
  if (method !== 'GET' && method !== 'DELETE') return { method, path: filled, body: Object.fromEntries(rest) }
  const query = new URLSearchParams([...rest].map(([name, value]) => [name, String(value)])).toString()
  return { method, path: query === '' ? filled : `${filled}?${query}`, body: undefined }
}
