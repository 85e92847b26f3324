import type { BulkLines, BulkPart } from '@natter/core/contract'
import type { MemoryStore } from '@natter/testkit'

const parts = ['conversation', 'member', 'entry', 'kv', 'row'] as const satisfies readonly BulkPart[]

/** All that is in a store, a line each: messages, places of members, rows of all plugins, keys. */
export async function linesOf({ bulk }: MemoryStore): Promise<readonly string[]> {
  const found: string[] = []
  for (const part of parts) {
    let after: string | undefined
    do {
      const { lines, next } = await bulk.read(part, after, 1_000)
      for (const line of lines) found.push(`${labelOf(part, line)} ${JSON.stringify(line)}`)
      after = next
    } while (after !== undefined)
  }
  return found
}

const labelOf = <P extends BulkPart>(part: P, line: BulkLines[P]) =>
  'model' in line ? `${line.plugin}.${line.model}` : part
