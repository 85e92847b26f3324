import { InTurn, NatterErrors } from '@natter/core'
import type { Records, RowFor } from '@natter/core/contract'
import { changedRow, columns, isPlace, isSet } from './setting-row.js'
import type { SettingChange, SettingRow } from './setting-row.js'
import { OfflineErrors } from './settings-contract.js'
import type { bookModel, settingModel } from './settings-contract.js'

export type Book = RowFor<typeof bookModel>

/** Conversations for which a person may set something. */
const mostSet = 2_000
const mostTries = 200

/**
 * What each person has set, as versions without gaps. The row that counts carries the newest change, so that both are one
 * write; the change's own row is written behind it, by who made it, or by the next one before anything else. So who has
 * read version v has everything up to v, whoever died in between.
 */
export class Shelf {
  readonly #rows: Records<typeof settingModel>
  readonly #books: Records<typeof bookModel>
  readonly #turns = new InTurn()

  constructor(rows: Records<typeof settingModel>, books: Records<typeof bookModel>) {
    this.#rows = rows
    this.#books = books
  }

  book(user: string): Promise<Book | undefined> {
    return this.#books.get({ user })
  }

  /** A conversation's row; `book` was read before. */
  async row(book: Book | undefined, user: string, conversation: string): Promise<SettingRow | undefined> {
    const pending = pendingOf(book)
    if (pending?.conversation !== conversation) return this.#rows.get({ user, conversation })
    return newer(await this.#rows.get({ user, conversation }), pending)
  }

  /** The rows that say where the person is, of these conversations; `book` was read before. */
  async places(book: Book | undefined, conversations: readonly string[]): Promise<ReadonlyMap<string, SettingRow>> {
    if (!book?.places || conversations.length === 0) return new Map()
    const { rows } = await this.#rows.page(
      { user: book.user, conversation: { in: conversations } },
      { limit: conversations.length },
    )
    const found = new Map(rows.map((row) => [row.conversation, row]))
    const pending = pendingOf(book)
    if (pending && conversations.includes(pending.conversation)) {
      found.set(pending.conversation, newer(found.get(pending.conversation), pending))
    }
    return found
  }

  /** What changed above a version, in the order of versions, and whether there is more; `book` was read before. */
  async since(
    book: Book | undefined,
    after: number,
    limit: number,
  ): Promise<{ readonly rows: readonly SettingRow[]; readonly more: boolean }> {
    if (!book || book.version <= after) return { rows: [], more: false }
    const { rows } = await this.#rows.page({ user: book.user, version: { gt: after } }, { limit })
    if (rows.length === limit) return { rows, more: true }
    const pending = pendingOf(book)
    if (!pending || pending.version <= after) return { rows, more: false }
    const others = rows.filter(({ conversation }) => conversation !== pending.conversation)
    const written = rows.find(({ conversation }) => conversation === pending.conversation)
    return { rows: [...others, newer(written, pending)], more: false }
  }

  /**
   * Changes what is set for a conversation, and answers its row as it then is. A change that changes nothing has no version.
   *
   * @throws OFFLINE_TOO_MANY, NATTER_BUSY, STORAGE_…
   */
  async change(
    user: string,
    conversation: string,
    edit: (row: SettingRow) => SettingChange,
  ): Promise<{ readonly row: SettingRow; readonly moved: boolean }> {
    return this.#turns.run(user, async () => {
      for (let tries = 0; tries < mostTries; tries++) {
        const book = await this.#settled(user)
        const before = (await this.#rows.get({ user, conversation })) ?? { user, conversation, version: 0 }
        const edited = changedRow(before, edit(before))
        if (!edited) return { row: before, moved: false }
        const row = { ...edited, version: (book?.version ?? 0) + 1 }
        const live = (book?.live ?? 0) + Number(isSet(row)) - Number(isSet(before))
        if (live > mostSet && isSet(row) && !isSet(before)) throw OfflineErrors.TOO_MANY()
        const places = (book?.places ?? false) || isPlace(row)
        if (!(await this.#write(user, book, { pending: row, live, places }))) continue
        // It is true from here on; the next one writes the row where this fails.
        await this.#apply(row).catch(() => undefined)
        return { row, moved: true }
      }
      throw busy()
    })
  }

  /** Sets whether the person reads in private; answers a version at which it is so. */
  async setPrivate(user: string, privateRead: boolean): Promise<number> {
    return this.#turns.run(user, async () => {
      for (let tries = 0; tries < mostTries; tries++) {
        const book = await this.#settled(user)
        if ((book?.privateRead ?? false) === privateRead) return book?.version ?? 0
        if (await this.#write(user, book, { pending: undefined, privateRead })) {
          return (book?.version ?? 0) + 1
        }
      }
      throw busy()
    })
  }

  /** The book, after the row of its newest change was written: whoever made it may have died before. */
  async #settled(user: string): Promise<Book | undefined> {
    const book = await this.book(user)
    const pending = pendingOf(book)
    if (!pending) return book
    const written = await this.#rows.get({ user, conversation: pending.conversation })
    if (!written || written.version < pending.version) await this.#apply(pending)
    return book
  }

  async #write(user: string, book: Book | undefined, change: Partial<Book> & { pending: unknown }): Promise<boolean> {
    if (book) {
      return (await this.#books.updateIf({ user, version: book.version }, change, { version: 1 })) !== undefined
    }
    const { pending, ...rest } = change
    const first: Book = { user, version: 1, live: 0, privateRead: false, places: false, ...rest }
    return (await this.#books.insert(pending === undefined ? first : { ...first, pending })) === 'inserted'
  }

  /** Writes a row unless it is there in this version or a later one. */
  async #apply(row: SettingRow): Promise<void> {
    const { user, conversation, version } = row
    const values = Object.fromEntries(columns.map((name) => [name, row[name]]))
    const older = { user, conversation, version: { lt: version } }
    if (await this.#rows.updateIf(older, { ...values, version })) return
    await this.#rows.insert(row)
  }
}

const busy = () => NatterErrors.BUSY({ message: 'These settings change too fast. Try again in a moment.' })

const pendingOf = (book: Book | undefined) => book?.pending as SettingRow | undefined

const newer = (row: SettingRow | undefined, pending: SettingRow): SettingRow =>
  row && row.version >= pending.version ? row : pending
