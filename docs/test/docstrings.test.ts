import { readFileSync, readdirSync } from 'node:fs'
import { relative } from 'node:path'
import test from 'ava'
import ts from 'typescript'
import { root } from './doc-samples.js'

const folders = ['core', 'client', 'testkit', ...readdirSync(`${root}/plugins`).map((name) => `plugins/${name}`)]

/** The declarations of what a package exports, by its entries. */
function entriesOf(folder: string): string[] {
  const { exports } = JSON.parse(readFileSync(`${root}/${folder}/package.json`, 'utf8')) as {
    exports: Record<string, { readonly types?: string }>
  }
  return Object.values(exports).flatMap(({ types }) => (types ? [`${root}/${folder}/${types}`] : []))
}

/** Each exported symbol without a docstring, as `name (declared in file)`. */
function undocumented(entries: readonly string[]): { readonly seen: number; readonly missing: readonly string[] } {
  const program = ts.createProgram(entries, {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    types: [],
    noEmit: true,
  })
  const checker = program.getTypeChecker()
  const missing = new Set<string>()
  let seen = 0
  for (const entry of entries) {
    const module = checker.getSymbolAtLocation(program.getSourceFile(entry)!)
    for (const exported of module ? checker.getExportsOfModule(module) : []) {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
      const file = symbol.declarations?.[0]?.getSourceFile().fileName
      seen += 1
      if (!file || file.includes('/node_modules/')) continue
      if (symbol.getDocumentationComment(checker).length > 0) continue
      missing.add(`${exported.name} (${relative(root, file).replace('/dist/', '/src/').replace('.d.ts', '.ts')})`)
    }
  }
  return { seen, missing: [...missing].sort() }
}

test('everything that a package exports says what it is', (t) => {
  const { seen, missing } = undocumented(folders.flatMap(entriesOf))
  t.true(seen > 250, `${seen} exports are found`)
  t.deepEqual(missing, [])
})
