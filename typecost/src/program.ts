/** How much of everything: the size that the aim is set for. */
export interface Size {
  readonly plugins: number
  /** Of each plugin; each is called once. */
  readonly commands: number
}

/** Stands in the sources of the one plugin that is compiled, and is replaced by the name of each copy. */
export const placeholder = 'sample'

const range = (count: number) => [...Array(count).keys()]
export const pluginNames = ({ plugins }: Size) => range(plugins).map((each) => `plugin${each}`)

/** Inputs of the kinds that plugins have, with a value that fits. */
const inputs = [
  { schema: 'z.object({ item: z.string(), option: z.int() })', value: "{ item: 'a', option: 1 }" },
  { schema: 'z.object({ user: z.string(), note: z.string().optional() })', value: "{ user: 'a' }" },
  { schema: 'z.object({ after: z.int().optional(), limit: z.int().default(50) })', value: '{ limit: 5 }' },
  {
    schema: "z.object({ kind: z.enum(['one', 'two', 'three']), tags: z.array(z.string()) })",
    value: "{ kind: 'two', tags: [] }",
  },
  {
    schema: 'z.object({ place: z.object({ x: z.number(), y: z.number() }), names: z.record(z.string(), z.int()) })',
    value: '{ place: { x: 1, y: 2 }, names: {} }',
  },
] as const
const outputs = [
  { schema: 'z.object({ item: z.string(), counts: z.array(z.int()) })', use: 'counts.length' },
  { schema: "z.object({ state: z.enum(['open', 'closed']), at: z.int() })", use: 'at' },
  {
    schema: 'z.object({ rows: z.array(z.object({ user: z.string(), n: z.int() })), more: z.boolean() })',
    use: 'rows.length',
  },
] as const
const inputOf = (command: number) => inputs[command % inputs.length]!
const outputOf = (command: number) => outputs[command % outputs.length]!

/** The contract of one plugin, as an author writes it. */
export function contractSource({ commands }: Size): string {
  return `import { z } from 'zod'
import { body, command, defineErrors, event } from '@natter/core/contract'

${range(commands)
  .map(
    (each) => `export const verb${each} = command('${placeholder}.verb${each}', {
  input: ${inputOf(each).schema},
  output: ${outputOf(each).schema},
})`,
  )
  .join('\n')}
export const changed = event('${placeholder}.changed', z.object({ item: z.string(), n: z.int() }))
export const ended = event('${placeholder}.ended', z.object({ item: z.string() }))
export const card = body('${placeholder}', z.object({ title: z.string(), lines: z.array(z.string()) }))
export const Errors = defineErrors('${placeholder.toUpperCase()}', {
  CLOSED: { status: 409, message: 'Closed.' },
  TOO_MANY: { status: 422, message: 'Too many.' },
})
`
}

/** Its client half. */
export function clientSource({ commands }: Size): string {
  return `import { clientPlugin } from '@natter/client'
import type * as contract from './contract.js'
export const ${placeholder} = clientPlugin<typeof contract>('${placeholder}', { ${range(commands)
    .map((each) => `verb${each}: 1`)
    .join(', ')} })
`
}

/** A program that calls every command of every plugin once; `untyped` is the same one, its client without types. */
export function programSource(size: Size, kind: 'typed' | 'untyped'): string {
  const names = pluginNames(size)
  const made = `createClient({ url: '', token: '', plugins: [${names.map((name) => `${name}()`).join(', ')}] })`
  const calls = (name: string) =>
    range(size.commands)
      .map((each) => `  n += Number((await chat.${name}.verb${each}(${inputOf(each).value})).${outputOf(each).use})`)
      .join('\n')
  return `import { createClient } from '@natter/client'
${names.map((name) => `import { ${name} } from './plugins/${name}/client.js'`).join('\n')}
const chat = ${kind === 'typed' ? made : `${made} as any`}
${names.map((name) => `export async function of_${name}(): Promise<number> {\n  let n = 0\n${calls(name)}\n  return n\n}`).join('\n')}
`
}
