import type { Model, Records, RowFor, Where } from '../contract/index.js'

/** Rows page by page, however many there are. */
export async function* allRows<M extends Model>(
  rows: Records<M>,
  where: Where<M>,
  dir: 'asc' | 'desc' = 'asc',
): AsyncGenerator<RowFor<M>> {
  let after: string | undefined
  do {
    const page = await rows.page(where, { limit: 500, dir, ...(after === undefined ? {} : { after }) })
    yield* page.rows
    after = page.next
  } while (after !== undefined)
}
