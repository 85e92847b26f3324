import { apart, mine, readers } from '../shapes.js'
import type { CommandRows } from '../shapes.js'

const text = 'hello'

export const search: CommandRows = {
  'search.messages': [
    { what: 'everywhere', input: () => ({ text }), row: mine },
    { what: 'in the group', input: ({ group }) => ({ text, in: group }), row: readers },
    { what: 'of two apart', input: (at) => ({ text, in: at.apart }), row: apart('ok') },
    { what: 'of somebody', input: ({ olga }) => ({ from: olga }), row: mine, absent: 'ok' },
  ],
  'search.people': [{ input: () => ({ text: 'olga' }), row: mine }],
}
