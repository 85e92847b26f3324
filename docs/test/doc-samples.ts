import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** From this file's place in `docs/build/test`. */
export const root = fileURLToPath(new URL('../../../', import.meta.url))
const run = promisify(execFile)

interface Sample {
  readonly line: number
  readonly lang: string
  readonly file: string | undefined
  readonly from: string | undefined
  readonly code: string
}
export const { pages, samplesOf, problems, writeProject } = (await import(join(root, 'scripts/doc-samples.mjs'))) as {
  pages(): string[]
  samplesOf(page: string): Sample[]
  problems(list?: readonly string[]): string[]
  writeProject(page: string, folder: string, edit?: (code: string, file: string) => string): string[]
}

const config = {
  extends: join(root, 'tsconfig.base.json'),
  compilerOptions: {
    lib: ['es2023', 'es2024.string', 'dom', 'dom.iterable'],
    composite: false,
    incremental: false,
    declaration: false,
    declarationMap: false,
    sourceMap: false,
    rootDir: '.',
    outDir: 'out',
  },
  exclude: ['out'],
}

/**
 * Compiles the samples `file=…` of a page as strictly as our own code, with the workspace's packages. `edit` may change a
 * sample before, for example its port.
 *
 * @returns The folder of the JavaScript, to import or to run; what the compiler said where it refused.
 */
export async function compile(
  page: string,
  edit?: (code: string, file: string) => string,
): Promise<{ readonly folder: string; readonly said: string; remove(): Promise<void> }> {
  await mkdir(join(root, 'docs/build/samples'), { recursive: true })
  const folder = await mkdtemp(join(root, 'docs/build/samples', `${page.replaceAll(/\W/g, '-')}-`))
  writeProject(page, folder, edit)
  if (!existsSync(join(folder, 'package.json'))) await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  await writeFile(join(folder, 'tsconfig.samples.json'), JSON.stringify(config))
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  const said = await run(process.execPath, [compiler, '-p', 'tsconfig.samples.json'], { cwd: folder }).then(
    () => '',
    (error: { readonly stdout?: string }) => error.stdout ?? String(error),
  )
  return { folder: join(folder, 'out'), said, remove: () => rm(folder, { recursive: true, force: true }) }
}
