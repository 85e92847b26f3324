import { signal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'

/** Where one is in the app. It lives behind the `#`, so that every address is the same static page. */
export type Route =
  | { readonly name: 'home' }
  /** The direct conversation with a person: also what an invite link leads to. */
  | { readonly name: 'with'; readonly handle: string }
  /** `at` is the seq of a message to go to. */
  | { readonly name: 'conversation'; readonly id: string; readonly at?: number }
  /** What a conversation is, who is in it, and how I keep it. */
  | { readonly name: 'about'; readonly id: string }
  /** Where an invitation to a group leads. */
  | { readonly name: 'join'; readonly link: string }
  | { readonly name: 'people' }
  | { readonly name: 'newGroup' }
  | { readonly name: 'account' }
  | { readonly name: 'devices' }
  | { readonly name: 'password' }
  | { readonly name: 'privacy' }
  | { readonly name: 'data' }
  | { readonly name: 'codes' }
  | { readonly name: 'ways' }
  | { readonly name: 'unknown' }

const fixed = {
  home: '#/',
  people: '#/people',
  newGroup: '#/new-group',
  account: '#/you',
  devices: '#/you/devices',
  password: '#/you/password',
  privacy: '#/you/privacy',
  data: '#/you/data',
  codes: '#/you/codes',
  ways: '#/you/ways-in',
} as const

export function routeOf(hash: string): Route {
  const path = hash === '' || hash === '#' ? fixed.home : hash
  for (const [name, address] of Object.entries(fixed)) if (path === address) return { name: name as keyof typeof fixed }
  const [, kind, rest, more] = /^#\/(with|c|join)\/([^/]+)(\/about|\/\d{1,15})?$/u.exec(path) ?? []
  const value = rest && decoded(rest)
  if (!value || (more && kind !== 'c')) return { name: 'unknown' }
  if (kind === 'with') return { name: 'with', handle: bareHandle(value) }
  if (kind === 'join') return { name: 'join', link: value }
  if (more === '/about') return { name: 'about', id: value }
  return { name: 'conversation', id: value, ...(more && { at: Number(more.slice(1)) }) }
}

export function hashOf(route: Exclude<Route, { name: 'unknown' }>): string {
  if (route.name === 'with') return `#/with/${encodeURIComponent(route.handle)}`
  if (route.name === 'conversation') {
    return `#/c/${encodeURIComponent(route.id)}${route.at === undefined ? '' : `/${route.at}`}`
  }
  if (route.name === 'about') return `#/c/${encodeURIComponent(route.id)}/about`
  if (route.name === 'join') return `#/join/${encodeURIComponent(route.link)}`
  return fixed[route.name]
}

/** A handle as people write it, with or without its @. */
export const bareHandle = (text: string): string => text.trim().replace(/^@/u, '')

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** Follows the address of the page. */
export function watchRoute(window: Window): ReadonlySignal<Route> {
  const route = signal(routeOf(window.location.hash))
  window.addEventListener('hashchange', () => {
    route.value = routeOf(window.location.hash)
  })
  return route
}
