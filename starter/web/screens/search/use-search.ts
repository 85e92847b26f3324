import { useEffect, useRef, useState } from 'preact/hooks'
import type { MessageHit } from '@natter/search/client'
import { useChat } from '../../state/app-state.js'
import type { Person } from '../../state/people.js'
import { errorText } from '../../text/error-text.js'
import { searchTexts } from '../../text/search-texts.js'

/** So long nothing more is written before it is looked for, ms. */
const pause = 250
/** A page of the server may be empty and not the last: so many are asked for by themselves. */
const pages = 4

/** What was found of what is looked for. */
export interface Search {
  readonly hits: readonly MessageHit[]
  readonly people: readonly Person[]
  readonly busy: boolean
  readonly problem: string | undefined
  /** Looks further back, where there may be more. */
  readonly more: (() => void) | undefined
}

interface Found {
  readonly text: string
  readonly hits: readonly MessageHit[]
  readonly people: readonly Person[]
  readonly cursor: string | undefined
}

/** Looks for messages and people by these words. What was found of the words before stays until there is something else. */
export function useSearch(text: string): Search {
  const { chat, status, people } = useChat()
  const [found, setFound] = useState<Found>()
  const [busy, setBusy] = useState(true)
  const [problem, setProblem] = useState<string>()
  const under = useRef<AbortController>(undefined)
  const connected = status.value.link === 'online'

  async function look(before: Found | undefined) {
    under.current?.abort()
    const { signal } = (under.current = new AbortController())
    setBusy(true)
    setProblem(undefined)
    try {
      const named = before ? before.people : (await chat.search.people({ text }, { signal })).people
      const hits = [...(before?.hits ?? [])]
      const had = hits.length
      let cursor = before?.cursor
      for (let page = 0; page < pages && hits.length === had && (page === 0 || cursor !== undefined); page++) {
        const answer = await chat.search.messages({ text, ...(cursor !== undefined && { cursor }) }, { signal })
        hits.push(...answer.hits)
        cursor = answer.more ? answer.cursor : undefined
      }
      for (const person of named) people.learn(person)
      setFound({ text, hits, people: named, cursor })
      setBusy(false)
    } catch (error) {
      if (signal.aborted) return
      setProblem(errorText(error, searchTexts.errors))
      setBusy(false)
    }
  }
  useEffect(() => {
    if (!connected) {
      setProblem(searchTexts.errors.CLIENT_OFFLINE)
      setBusy(false)
      return undefined
    }
    setBusy(true)
    const timer = setTimeout(() => void look(undefined), pause)
    return () => {
      clearTimeout(timer)
      under.current?.abort()
    }
  }, [text, connected])

  const more = found?.text === text && found.cursor !== undefined && connected && !busy
  return {
    hits: found?.hits ?? [],
    people: found?.people ?? [],
    busy,
    problem,
    more: more ? () => void look(found) : undefined,
  }
}
