import type { ParameterizedContext } from 'koa'

/**
 * Whether a request comes from a page of this site, or of an origin that the host listed. Browsers say so in `Origin`,
 * which no page can change; a request without one does not count.
 */
export function originCounts(ctx: ParameterizedContext, listed: readonly string[]): boolean {
  const origin = ctx.get('Origin')
  return listed.includes(origin) || origin === `https://${ctx.host}` || origin === `http://${ctx.host}`
}
