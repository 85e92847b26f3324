import type { DataPart, ErasureStep } from '@natter/core'
import type { People } from './people.js'
import type { Settings } from './settings.js'

interface PersonParts {
  readonly people: People
  readonly settings: Settings
}

/** What they have set, and when they were last there. */
export const dataOf = ({ settings }: PersonParts, user: string): readonly DataPart[] => [
  { name: 'presence.settings', items: settings.stored(user) },
]

/** Nothing is told of them from then on, and nothing kept. */
export const erasureOf = ({ people, settings }: PersonParts, user: string): readonly ErasureStep[] => [
  {
    name: 'presence.settings',
    phase: 'erase',
    async run() {
      people.forget(user)
      await settings.forget(user)
      return undefined
    },
  },
]
