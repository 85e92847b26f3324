import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compile } from './compiler.js'
import { clientSource, contractSource, placeholder, pluginNames, programSource } from './program.js'
import type { Size } from './program.js'

const options = {
  target: 'es2023',
  lib: ['es2023', 'dom'],
  module: 'nodenext',
  types: [],
  strict: true,
  skipLibCheck: true,
}

/**
 * Writes both programs into a folder below this package, where `@natter/client` is found. The plugins are there as npm
 * would have them, as declarations: one plugin's sources are compiled, and the result is copied under the other names.
 *
 * @returns The folders of the typed and of the untyped program.
 */
export function generate(folder: string, size: Size): { readonly typed: string; readonly untyped: string } {
  rmSync(folder, { recursive: true, force: true })
  const one = join(folder, 'one')
  write(join(one, 'contract.ts'), contractSource(size))
  write(join(one, 'client.ts'), clientSource(size))
  project(one, ['contract.ts', 'client.ts'], { declaration: true, emitDeclarationOnly: true, outDir: 'out' })
  compile(one)
  const declared = ['contract.d.ts', 'client.d.ts'].map(
    (name) => [name, readFileSync(join(one, 'out', name), 'utf8')] as const,
  )
  const program = (kind: 'typed' | 'untyped') => {
    const at = join(folder, kind)
    for (const name of pluginNames(size)) {
      for (const [file, text] of declared) {
        write(join(at, 'plugins', name, file), named(text, name))
      }
    }
    write(join(at, 'main.ts'), programSource(size, kind))
    project(at, ['main.ts'], { noEmit: true })
    return at
  }
  return { typed: program('typed'), untyped: program('untyped') }
}

const named = (text: string, name: string) =>
  text.replaceAll(placeholder, name).replaceAll(placeholder.toUpperCase(), name.toUpperCase())

function project(folder: string, files: readonly string[], more: object): void {
  write(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { ...options, ...more }, files }, null, 2))
}

function write(file: string, text: string): void {
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, text)
}
