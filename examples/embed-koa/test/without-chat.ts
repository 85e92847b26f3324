import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { join } from 'node:path'
import type { openShop } from '#src/shop.js'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
/** From the test's place in `build/test`. */
const example = here('../../')
const region = (name: string) => new RegExp(`^[ \\t]*// #region ${name}\\n([^]*?)^[ \\t]*// #endregion\\n`, 'gm')

/** Every line of the example's source that adds the chat, imports included. */
export async function chatLines(): Promise<readonly string[]> {
  const source = await readFile(join(example, 'src/shop.ts'), 'utf8')
  return [...source.matchAll(region('chat'))].flatMap(([, lines]) =>
    lines!.split('\n').filter((line) => line.trim() !== ''),
  )
}

/** The same shop as it was before: a copy of it without the chat and its use. `main` is the path of its program. */
export async function withoutChat(): Promise<{
  readonly openShop: typeof openShop
  readonly main: string
  remove(): Promise<void>
}> {
  const copy = await mkdtemp(join(example, 'build/without-chat-'))
  await cp(join(example, 'dist'), join(copy, 'dist'), { recursive: true, preserveTimestamps: true })
  await cp(join(example, 'public'), join(copy, 'public'), { recursive: true, preserveTimestamps: true })
  const file = join(copy, 'dist/shop.js')
  const built = await readFile(file, 'utf8')
  const stripped = built.replaceAll(region('(?:chat|host-api)'), '')
  if (/chat|natter/i.test(stripped.replaceAll(/\/\*[^]*?\*\/|\/\/.*/g, '')))
    throw new Error('Some of the chat is not marked.')
  await writeFile(file, stripped)
  const module = (await import(pathToFileURL(file).href)) as { openShop: typeof openShop }
  return {
    openShop: module.openShop,
    main: join(copy, 'dist/main.js'),
    remove: () => rm(copy, { recursive: true, force: true }),
  }
}
