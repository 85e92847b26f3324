import type { History } from '../record/history.js'
import type { Talker } from './talker.js'
import type { Shown } from './view.js'

/** What a client shows of a conversation, whole. */
export interface Screen {
  readonly device: string
  readonly user: string
  readonly conversation: string
  readonly shown: readonly Shown[]
}

/** What all of these clients show of all of their conversations; nothing where that does not come in time. */
export async function screensOf(
  history: History,
  talkers: readonly Talker[],
  patienceMs: number,
): Promise<readonly Screen[]> {
  const places = talkers.flatMap((talker) =>
    [...history.conversations()].filter(([, members]) => members.has(talker.user)).map(([id]) => ({ talker, id })),
  )
  return Promise.all(
    places.map(async ({ talker, id }) => {
      const { device, user } = talker
      return { device, user, conversation: id, shown: await within(patienceMs, talker.screen(id)) }
    }),
  )
}

function within(patienceMs: number, shown: Promise<readonly Shown[]>): Promise<readonly Shown[]> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<readonly Shown[]>((resolve) => {
    timer = setTimeout(() => resolve([]), patienceMs)
  })
  return Promise.race([shown, late]).finally(() => clearTimeout(timer))
}
