import type { Erasure, ErasureStep } from '@natter/core'
import type { Records, Storage } from '@natter/core/contract'
import type { textRow } from './contract.js'
import { senderTerm } from './terms.js'
import type { TextIndex } from './text-index.js'

interface PersonParts {
  readonly storage: Pick<Storage, 'log'>
  readonly rows: Records<typeof textRow>
  readonly index: TextIndex
}

const atOnce = 100

/**
 * What they wrote left the index with each entry that was rewritten. What who died in between put back is found by its sender,
 * once their entries are gone through.
 */
export function erasureOf({ storage, rows, index }: PersonParts, { user }: Erasure): readonly ErasureStep[] {
  return [
    {
      name: 'search.words',
      phase: 'erase',
      async run(after) {
        const options = { limit: atOnce, ...(after === undefined ? {} : { after }) }
        const page = await rows.match!([[senderTerm(user)]], { at: { gte: 0 } }, options)
        for (const { conversation, seq } of page.rows) {
          const [entry] = await storage.log.range(conversation, { from: seq, to: seq, limit: 1, bytes: 1 })
          if (entry?.from !== user) await index.clear({ conversation, seq })
        }
        return page.next
      },
    },
  ]
}
