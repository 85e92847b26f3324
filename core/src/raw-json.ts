/** JSON text that was made already, for example by the database: it is spliced into the answer as it is. */
export class RawJson {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/**
 * Returns ready JSON text as a command's output, typed as what it says.
 *
 * @example
 * api.command(contract.page, async (input) => rawJson<Page>(`{"entries":[${rows.join(',')}]}`))
 */
export function rawJson<T>(text: string): T {
  return new RawJson(text) as T
}
