import type { Happening } from '@natter/groups/contract'
import { texts } from '../text/texts.js'
import { togetherTexts } from '../text/together-texts.js'
import { untilTime } from './dates.js'

const t = togetherTexts.happenings

/** What happened in a group, as a sentence. `nameOf` gives the name of a person; `me` is told as "you". */
export function happeningWords(event: Happening, me: string, nameOf: (user: string) => string, now: number): string {
  const first = (id: string) => (id === me ? texts.groups.youFirst : nameOf(id))
  const by = 'by' in event && event.by !== undefined ? first(event.by) : ''
  const who = 'user' in event ? (event.user === me ? texts.groups.you : nameOf(event.user)) : ''
  switch (event.what) {
    case 'created':
      return t.created(by, event.settings.name)
    case 'uninvited':
      return event.by === event.user ? t.declined(by) : t.uninvited(by, who)
    case 'asked':
    case 'left':
      return t[event.what](first(event.user))
    case 'refused':
      return event.by === event.user ? t.noLongerAsks(by) : t.refused(by, who)
    case 'joined':
      return event.by === undefined ? t.joined(first(event.user)) : t.admitted(by, who)
    case 'role':
      return t.role(by, who, event.role)
    case 'muted':
      return t.muted(by, who, untilTime(event.until, now))
    case 'set':
      return settingWords(event.settings, by)
    case 'linked':
    case 'unlinked':
    case 'dissolved':
      return t[event.what](by)
    case 'erased':
      return t.erased
    case 'closed':
      return ''
    default:
      return t[event.what](by, who)
  }
}

function settingWords(
  { name, avatar, topic, announcement, muted }: Extract<Happening, { what: 'set' }>['settings'],
  by: string,
) {
  if (name !== undefined) return t.named(by, name)
  if (announcement !== undefined) return t.announced(by, announcement)
  if (topic !== undefined) return t.topic(by, topic)
  if (avatar !== undefined) return t.pictured(by, avatar !== '')
  if (muted !== undefined) return t.mutedAll(by, muted)
  return t.set(by)
}
