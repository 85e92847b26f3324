import { useEffect, useState } from 'preact/hooks'
import { useChat } from '../../state/app-state.js'
import type { Chat } from '../../state/connect-chat.js'

export type Member = Awaited<ReturnType<Chat['groups']['members']>>['members'][number]

/** A list of all at once, and how long its rows may take behind an event, ms. */
const page = 200
const [again, tries] = [700, 5]

/** The first people of a group, or those whose name begins with a text, as they change; `more` fetches the next. */
export function useMembers(group: string, text: string) {
  const { chat, rooms } = useChat()
  const room = rooms.of(group).value
  const [members, setMembers] = useState<readonly Member[]>([])
  const [next, setNext] = useState<string>()
  // Few people are narrowed down here, so only the list of a large group is asked for by name.
  const asked = (room?.size ?? 0) > page ? text.trim() : ''

  useEffect(() => {
    if (!room) return undefined
    let wanted = true
    let timer: ReturnType<typeof setTimeout> | undefined
    const ask = async (left: number) => {
      const answer = await chat.groups
        .members({ group, limit: page, ...(asked && { text: asked }) })
        .catch(() => undefined)
      if (!wanted || !answer) return
      setMembers(answer.members)
      setNext(answer.next)
      // The list is written behind the event that I heard of.
      const behind = !asked && answer.next === undefined && answer.members.length !== room.size
      if (behind && left > 0) timer = setTimeout(() => void ask(left - 1), again)
    }
    void ask(tries)
    return () => {
      wanted = false
      clearTimeout(timer)
    }
  }, [chat, group, asked, room?.seq])

  async function more() {
    if (next === undefined) return
    const answer = await chat.groups.members({ group, limit: page, page: next, ...(asked && { text: asked }) })
    setMembers([...members, ...answer.members])
    setNext(answer.next)
  }
  return { members, more: next === undefined ? undefined : more }
}
