import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { useChat } from '../../state/app-state.js'
import { asMessage } from '../../state/as-message.js'
import type { Acted } from '../../state/connect-chat.js'
import { useReadable } from '../../state/readable.js'
import type { Original } from './quote.js'

/** The server answers so many at once. */
const atOnce = 50

/** What messages answer: from beside them where it is there, else asked for. */
export function useOriginals(conversation: string, shown: readonly Acted[]): (acted: Acted) => Original {
  const { chat, user, status } = useChat()
  const [found, setFound] = useState<ReadonlyMap<number, Original>>(new Map())
  const asked = useRef(new Set<number>())
  const connected = status.value.link === 'online'
  const here = useReadable(chat.conversation(conversation).messages)
  // What was changed since is asked for again.
  const stale = here.filter((one) => one.type === 'act' && (one.what === 'edited' || one.what === 'deleted'))
  const newest = stale.at(-1)?.seq
  useMemo(() => {
    for (const act of stale) if (act.type === 'act') asked.current.delete(act.of)
  }, [newest])
  const missing = shown.flatMap(({ quote }) => (quote && !quote.message && !quote.gone ? quote.seq : []))
  const wanted = [...new Set(missing)].filter((seq) => !asked.current.has(seq)).slice(0, atOnce)

  useEffect(() => {
    if (!connected || wanted.length === 0) return
    for (const seq of wanted) asked.current.add(seq)
    chat.actions.entries({ conversation, seqs: wanted }).then(
      ({ entries }) => {
        const more = entries.map((entry) => [entry.seq, asMessage(entry, conversation, user)] as const)
        setFound((known) => new Map([...known, ...more]))
      },
      () => {
        // The next connection asks again.
        for (const seq of wanted) asked.current.delete(seq)
      },
    )
  }, [connected, wanted.join()])

  return ({ quote }) => quote && (quote.gone ? 'deleted' : ((quote.message as Original) ?? found.get(quote.seq)))
}
