import type { LogEntry, Records } from '@natter/core/contract'
import type { textRow } from './contract.js'
import type { Bodies } from './searchable.js'
import { termsOf } from './terms.js'

type Fields = Readonly<Record<string, unknown>>
type Place = Pick<LogEntry, 'conversation' | 'seq' | 'from' | 'at'>

/** A body with its type; nothing where its content was removed. */
export const fieldsOf = ({ body }: Pick<LogEntry, 'body'>): Fields | undefined =>
  body === '' ? undefined : (JSON.parse(body) as Fields)

/**
 * The words of messages. A row is as of the entry that changed its message last: what was read before that comes too late, so
 * that nobody who is behind brings back what is gone. That is why a row stays without words.
 */
export class TextIndex {
  readonly #rows: Records<typeof textRow>
  readonly #bodies: Bodies

  constructor(rows: Records<typeof textRow>, bodies: Bodies) {
    this.#rows = rows
    this.#bodies = bodies
  }

  /** As it was read in the log. */
  async read(entry: LogEntry): Promise<void> {
    const version = entry.changedBy ?? 0
    const terms = await this.#terms(entry, fieldsOf(entry))
    if (terms === '' && version === 0) return
    await this.#put(entry, version, terms, { lt: version })
  }

  /** As it is about to be, by who rewrites it as of `by`. */
  async rewritten(entry: LogEntry, by: number, after: Fields | undefined): Promise<void> {
    await this.#put(entry, by, await this.#terms(entry, after), { lte: by })
  }

  /** Whatever was meant to be there: no words of it. */
  async clear({ conversation, seq }: Pick<LogEntry, 'conversation' | 'seq'>): Promise<void> {
    await this.#rows.updateIf({ conversation, seq }, { terms: '' })
  }

  async forget(conversation: string): Promise<void> {
    await this.#rows.remove({ conversation })
  }

  async #put(
    { conversation, seq, at }: Place,
    version: number,
    terms: string,
    over: { readonly lt: number } | { readonly lte: number },
  ): Promise<void> {
    const known = await this.#rows.updateIf({ conversation, seq, version: over }, { version, terms })
    if (known || (await this.#rows.insert({ conversation, seq, version, at, terms })) === 'inserted') return
    // It came between the two.
    await this.#rows.updateIf({ conversation, seq, version: over }, { version, terms })
  }

  async #terms(entry: Place, fields: Fields | undefined): Promise<string> {
    if (fields === undefined || entry.from === 'system' || entry.from === '') return ''
    const { type = 'text' } = fields
    return termsOf(await this.#bodies(String(type), fields), entry)
  }
}
