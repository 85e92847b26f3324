import type { ExecutionContext } from 'ava'
import type { Case } from './case.js'
import type { Role } from './people.js'
import { nowhere } from './place.js'
import type { Me } from './place.js'
import type { World } from './world.js'

const unknown = '401 NATTER_UNAUTHENTICATED'

/** The whole of an answer that refuses, or only that it was done. */
export interface Told {
  readonly code: string
  readonly done: boolean
  readonly refusal?: object
}
/** Who asks, and how. */
export interface Asking<R extends string> {
  readonly role: R
  readonly me: Me
  readonly send: (input: object) => Promise<Told>
}

/**
 * One cell: the answer, that what is refused changes nothing, and what is said where there is no such thing. Who is not to
 * know that it is there is told that to the letter.
 */
export async function judge<R extends string>(
  t: ExecutionContext,
  world: World,
  { what, input, row, absent = '', once = false, counted, changes }: Case<Readonly<Record<R, string>>>,
  { role, me, send }: Asking<R>,
): Promise<void> {
  const says = what === undefined ? role : `${role}, ${what}`
  const { at } = world.town
  const [here, elsewhere] = [input(at, me), input(nowhere(at), me)]
  const ask = async (asked: object): Promise<Told> => {
    let answer: Told | undefined
    const changed = await world.changed(async () => void (answer = await send(asked)))
    const kept = changed.filter((line) => counted === undefined || !line.startsWith(`${counted} `))
    const different = `${says}: ${answer!.code}, and something is different now`
    if (!answer!.done || changes?.includes(role as Role) === false) t.deepEqual(kept, [], different)
    else if (changes && asked === here) t.true(kept.length > 0, `${says}: nothing is different now`)
    if (once) await world.renew()
    return answer!
  }

  const answer = await ask(here)
  t.is(answer.code, row[role], says)
  if (JSON.stringify(here) === JSON.stringify(elsewhere)) return
  const nothing = await ask(elsewhere)
  // Who has to log in first is told that, whatever is there.
  t.is(nothing.code, answer.code === unknown ? unknown : absent, `${says}, where there is none`)
  const outside = role === 'stranger' || role === 'anonymous' || answer.code === absent
  if (outside && !answer.done) t.deepEqual(answer, nothing, `${says}, to the letter`)
}
