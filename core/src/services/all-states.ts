import type { ConversationState, Log } from '../contract/index.js'

/** The states of all conversations that a person is or was in, page by page. A page may be short and not the last. */
export async function* allStates(log: Pick<Log, 'states'>, user: string): AsyncGenerator<ConversationState> {
  for (let after = 0; ;) {
    const states = await log.states(user, { after, limit: 100 })
    yield* states
    const last = states.at(-1)
    if (!last) return
    after = last.mark
  }
}
