import type { AggregationCursor, Collection, Document, FindCursor } from 'mongodb'
import { ordinary, unhurried } from './answers.js'
import type { Answers, Patience } from './answers.js'

/** Where the options of a command are among its arguments. The driver hands `signal` through for each of them, and types it for some. */
const places = {
  findOne: 1,
  insertOne: 1,
  replaceOne: 2,
  updateOne: 2,
  findOneAndUpdate: 2,
  findOneAndDelete: 1,
  deleteOne: 1,
  deleteMany: 1,
  bulkWrite: 1,
  indexes: 0,
  createIndexes: 1,
  dropIndex: 1,
} as const
const cursors = ['find', 'aggregate'] as const
/** What may take as long as it takes. */
const long: ReadonlySet<string> = new Set(['deleteMany', 'bulkWrite', 'createIndexes', 'dropIndex'])

/** A collection whose every command has an answer, or is given up. Another command of the driver is added to the list above first. */
export type AnsweringCollection<D extends Document> = Pick<
  Collection<D>,
  keyof typeof places | (typeof cursors)[number] | 'collectionName'
>

type Asked = Readonly<Record<string, (...args: unknown[]) => unknown>>

/** @param patience For what need not be long. */
export function answeringCollection<D extends Document>(
  collection: Collection<D>,
  answers: Answers,
  patience: Patience = ordinary,
): AnsweringCollection<D> {
  const asked = collection as unknown as Asked
  const answering: Record<string, unknown> = { collectionName: collection.collectionName }
  for (const [name, place] of Object.entries(places)) {
    const limit = long.has(name) ? unhurried : patience
    answering[name] = (...args: unknown[]) =>
      answers.of(
        (signal) => asked[name]!.call(collection, ...withSignal(args, place, signal)) as Promise<unknown>,
        limit,
      )
  }
  for (const name of cursors) {
    answering[name] = (...args: unknown[]) => {
      const givingUp = new AbortController()
      const cursor = asked[name]!.call(collection, ...withSignal(args, 1, givingUp.signal))
      return answeringCursor(cursor as FindCursor, answers, patience, givingUp)
    }
  }
  return answering as unknown as AnsweringCollection<D>
}

function withSignal(args: readonly unknown[], place: number, signal: AbortSignal): unknown[] {
  const all = [...args]
  // an absent argument before the options is absent for the driver too
  while (all.length < place) all.push(undefined)
  all[place] = { ...(all[place] as object | undefined), signal }
  return all
}

/** `toArray` and `for await` ask by `next` too, and take what came with the same answer at once. */
function answeringCursor<Cursor extends FindCursor | AggregationCursor>(
  cursor: Cursor,
  answers: Answers,
  patience: Patience,
  givingUp: AbortController,
): Cursor {
  const next = cursor.next.bind(cursor)
  cursor.next = () => {
    if (cursor.bufferedCount() > 0) return next()
    return answers.of(next, patience, givingUp)
  }
  return cursor
}
