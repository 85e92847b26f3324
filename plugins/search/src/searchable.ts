import { isDenied } from '@natter/core/contract'
import type { Runner } from '@natter/core'
import type { Searchable, searchBody } from './contract.js'

export type Bodies = (type: string, fields: Readonly<Record<string, unknown>>) => Promise<Searchable>

/** What is to be found of a body: what its plugin says, else its text. */
export function searchableBy(run: Runner<typeof searchBody>): Bodies {
  return async (type, fields) => {
    const said = await run({ type, fields }, undefined)
    if (said && !isDenied(said)) return said
    const of = type === 'poll' ? [fields['question'], fields['options']] : [fields['text']]
    return {
      text: of
        .flat()
        .filter((each) => typeof each === 'string')
        .join('\n'),
      hasFile: false,
    }
  }
}
