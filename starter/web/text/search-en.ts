import { count } from './count-en.js'

/** What people read about what they look for, in English. */
export const searchEn = {
  label: 'Found messages',
  title: 'Messages',
  people: 'People',
  looking: 'Looking …',
  found: (n: number, more: boolean) =>
    more ? `The newest ${count(n, 'message', 'messages')}` : count(n, 'message', 'messages'),
  none: 'No messages have these words.',
  noneYet: 'None so far.',
  more: 'Look further back',
  own: 'You: ',
  from: (name: string) => `${name}: `,
  cut: '…',
  file: 'A file',
  errors: {
    CLIENT_OFFLINE: 'Messages are looked for once there is a connection.',
  },
}
export type SearchTexts = typeof searchEn
