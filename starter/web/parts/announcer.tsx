import { signal } from '@preact/signals'
import type { Signal } from '@preact/signals'
import { createContext } from 'preact'
import type { ComponentChildren } from 'preact'
import { useContext, useMemo } from 'preact/hooks'

const Context = createContext<Signal<string> | undefined>(undefined)

/** The one place from which screen readers are told, politely, what happened elsewhere on the page. */
export function Announcer({ children }: { readonly children: ComponentChildren }) {
  const text = useMemo(() => signal(''), [])
  return (
    <Context.Provider value={text}>
      {children}
      <div role="status" class="visually-hidden">
        <Spoken text={text} />
      </div>
    </Context.Provider>
  )
}

function Spoken({ text }: { readonly text: Signal<string> }) {
  return <span>{text.value}</span>
}

/** Says something. The same words twice are told apart by a space that nobody hears. */
export function useAnnounce(): (words: string) => void {
  const text = useContext(Context)
  return useMemo(
    () => (words: string) => {
      if (text) text.value = text.peek() === words ? `${words}\u00a0` : words
    },
    [text],
  )
}
