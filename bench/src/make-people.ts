import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Children } from './children.js'
import type { People, Person } from './people.js'

const program = fileURLToPath(new URL('./seed.js', import.meta.url))

/** Fills a database with people in a process of its own. Once: who asks again gets the same. */
export function makePeople(
  children: Children,
  folder: string,
  peopleCount: number,
  say: (line: string) => void,
): () => Promise<People> {
  const file = join(folder, 'people.db')
  const output = join(folder, 'people.json')
  const make = async (): Promise<People> => {
    const began = performance.now()
    const args = [program, file, output, String(peopleCount)]
    const child = children.start(undefined, process.execPath, args, ['ignore', 'ignore', 'inherit', 'ipc'])
    const [code] = (await once(child, 'exit')) as [number | null]
    if (code !== 0) throw new Error(`the database could not be filled (${code})`)
    say(`filled a database with ${peopleCount} people in ${((performance.now() - began) / 1_000).toFixed(1)} s`)
    return { file, people: JSON.parse(readFileSync(output, 'utf8')) as Person[] }
  }
  let made: Promise<People> | undefined
  return () => (made ??= make())
}
