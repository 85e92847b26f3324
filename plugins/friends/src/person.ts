import { allRows } from '@natter/core'
import type { DataPart, ErasureStep } from '@natter/core'
import type { Records } from '@natter/core/contract'
import { namesIn } from './books.js'
import type { Books } from './books.js'
import type { ContactList } from './contact-list.js'
import type { book, card, pair, setting } from './contract.js'
import type { Pairs } from './pairs.js'
import type { Recall } from './recall.js'

interface PersonParts {
  readonly rows: Records<typeof pair>
  readonly cards: Records<typeof card>
  readonly bookRows: Records<typeof book>
  readonly settingRows: Records<typeof setting>
  readonly pairs: Pairs
  readonly books: Books
  readonly list: ContactList
  readonly recall: Recall
}

/** So many are gone through at a time. */
const [pairsAtOnce, booksAtOnce] = [50, 500]

/** A person's own list: whom they know and blocked, what they note of them, their groups, what they let whom do. */
export function dataOf({ list }: PersonParts, user: string): readonly DataPart[] {
  const pages = async function* () {
    for (let page: string | undefined; ;) {
      const synced = await list.sync(user, page === undefined ? {} : { page })
      yield synced
      if (synced.next === undefined) return
      page = synced.next
    }
  }
  async function* contacts() {
    for await (const page of pages()) yield* page.contacts
  }
  async function* rest() {
    const { groups, privacy } = await list.sync(user, {})
    yield { groups, privacy }
  }
  return [
    { name: 'friends.contacts', items: contacts() },
    { name: 'friends.settings', items: rest() },
  ]
}

/**
 * Nobody's list has them any more, and nobody's notes; and no list tells that it once had: a device that has not heard of it gets
 * the whole list.
 */
export function erasureOf(parts: PersonParts, user: string): readonly ErasureStep[] {
  const { rows, cards, bookRows, settingRows, pairs, books, recall } = parts
  return [
    {
      name: 'friends.pairs',
      phase: 'leave',
      async run() {
        const [asA, asB] = await Promise.all([
          rows.page({ a: user }, { limit: pairsAtOnce }),
          rows.page({ b: user }, { limit: pairsAtOnce }),
        ])
        const some = [...asA.rows, ...asB.rows]
        for (const row of some) await pairs.part(user, row)
        return some.length > 0 ? 'more' : undefined
      },
    },
    {
      name: 'friends.lists',
      phase: 'erase',
      async run(place) {
        const { rows: some, next } = await bookRows.page(
          { user: { gt: '' } },
          { limit: booksAtOnce, ...(place === undefined ? {} : { after: place }) },
        )
        for (const row of some) if (row.user !== user && namesIn(row, user)) await books.forget(row.user, user)
        return next
      },
    },
    {
      name: 'friends.own',
      phase: 'erase',
      async run() {
        await Promise.all([cards.remove({ user }), cards.remove({ other: user }), bookRows.take({ user })])
        await settingRows.take({ user })
        await recall.changed(user)
        for await (const row of allRows(rows, { a: user })) await pairs.part(user, row)
        for await (const row of allRows(rows, { b: user })) await pairs.part(user, row)
        return undefined
      },
    },
  ]
}
