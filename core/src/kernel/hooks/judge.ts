import { isDenied, NatterError } from '../../contract/index.js'
import type { Denied } from '../../contract/index.js'
import { kindOf } from '../error-text.js'
import { returnedWrong } from './site.js'
import type { Site } from './site.js'

/** A denial that carries a declared error, or nothing; `deny('CLOSED')` from untyped code is a fault. */
export function denialIn(site: Site, plugin: string, answer: unknown): Denied | undefined {
  if (!isDenied(answer)) return undefined
  if (NatterError.is(answer.error)) return answer
  throw returnedWrong(site, plugin, answer, `deny(error) with a declared error, not with ${kindOf(answer.error)}`)
}
