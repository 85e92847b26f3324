import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { aim } from '#src/aim.js'
import { compile } from '#src/compiler.js'
import { generate } from '#src/generate.js'
import type { Size } from '#src/program.js'

/** Below this package, where `@natter/client` is found. */
function programs(t: { teardown(run: () => void): void }, size: Size) {
  const folder = mkdtempSync(fileURLToPath(new URL('../program-', import.meta.url)))
  t.teardown(() => rmSync(folder, { recursive: true }))
  return generate(folder, size)
}

test('a client with 60 plugins of 40 commands stays cheap to check', (t) => {
  const { typed, untyped } = programs(t, aim)
  const cost = compile(typed)
  t.true(cost.instantiations <= aim.instantiations, `${cost.instantiations} instantiations`)
  t.is(compile(typed).instantiations, cost.instantiations, 'the count is the same each time')
  t.true(compile(untyped).instantiations < 1_000, 'what is compared with has no types of plugins')
})

test('the cost grows with the commands, not with their product', (t) => {
  const each = ({ plugins, commands }: Size) => {
    const { instantiations } = compile(programs(t, { plugins, commands }).typed)
    return instantiations / (plugins * commands)
  }
  const small = each({ plugins: 5, commands: 40 })
  const large = each({ plugins: 20, commands: 40 })
  t.true(large < small * 1.2, `${small} of each command become ${large}`)
})

test('what is measured are types that tell mistakes', (t) => {
  const { typed, untyped } = programs(t, { plugins: 2, commands: 5 })
  for (const program of [typed, untyped]) {
    const main = join(program, 'main.ts')
    const text = readFileSync(main, 'utf8')
    t.true(text.includes("plugin1.verb0({ item: 'a', option: 1 })"))
    writeFileSync(main, text.replaceAll('option: 1', "option: '1'"))
  }
  t.throws(() => compile(typed), { message: /'string' is not assignable to type 'number'/ })
  t.notThrows(() => compile(untyped))
})
