import type { IncomingMessage } from 'node:http'

/**
 * Whether the Origin of a request is present and listed. Without a list, the request's own host counts: pages that the
 * same host serves. Compared exactly, by scheme, host and port.
 */
export function originListed(request: IncomingMessage, origins: readonly string[] | undefined): boolean {
  const { origin, host } = request.headers
  if (origin === undefined || origin === 'null') return false
  if (origins) return origins.includes(origin)
  return origin === `https://${host}` || origin === `http://${host}`
}

/** Writes each origin as browsers send it. */
export function normalizeOrigins(origins: readonly string[]): readonly string[] {
  return origins.map((origin) => new URL(origin).origin)
}
