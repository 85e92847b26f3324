import type { Terms } from '@natter/core/contract'

/** How a full-text index is asked, in the words of its database. */
interface Words {
  readonly all: string
  readonly any: string
  /** What stands before each list. */
  readonly list?: string
  readonly one: (term: string) => string
  readonly begins: (start: string) => string
}

/** Terms were checked: nothing in them means something to a database. */
export function asked(terms: Terms, { all, any, list = '', one, begins }: Words): string {
  const word = (each: string) => (each.endsWith('*') ? begins(each.slice(0, -1)) : one(each))
  return terms.map((each) => `${list}(${each.map(word).join(any)})`).join(all)
}
