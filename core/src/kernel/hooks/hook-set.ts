import type { Hook, HookKind, MessageHook } from '../../contract/index.js'
import { NatterErrors } from '../../errors.js'
import type { Clock } from '../../services/clock.js'
import { kindOf } from '../error-text.js'
import type { Runner } from '../plugin.js'
import type { BodyRunner } from './body-runner.js'
import { makeChain } from './chain.js'
import type { Chain } from './chain.js'
import { Deadlines } from './deadlines.js'
import { keepEnvelope } from './keep-envelope.js'
import type { BodyValue } from './keep-envelope.js'
import { orderHandlers } from './order-handlers.js'
import type { Registration } from './registration.js'
import { runCollect } from './run-collect.js'
import { runFirst } from './run-first.js'
import { runNotify } from './run-notify.js'
import { runTransform } from './run-transform.js'
import type { Accept } from './run-transform.js'
import { runVeto } from './run-veto.js'
import { consequenceOf } from './site.js'
import type { Site } from './site.js'

type Run = (value: unknown, ctx: unknown) => unknown
interface Declared {
  readonly run: HookKind
  readonly by: string
  readonly handlers: Registration[]
}

const nothing: Run = () => undefined
const unchanged: Run = (value) => value
const empty: readonly unknown[] = Object.freeze([])
/** An unused hook: no loop, no test for listeners. */
const unused: Readonly<Record<HookKind, Run>> = {
  veto: nothing,
  transform: unchanged,
  first: nothing,
  collect: () => empty,
  notify: nothing,
}

function compile(run: HookKind, site: Site, chain: Chain, accept: Accept | undefined): Run {
  switch (run) {
    case 'veto':
      return runVeto(site, chain)
    case 'transform':
      return runTransform(site, chain, accept)
    case 'first':
      return runFirst(site, chain)
    case 'collect':
      return runCollect(site, chain)
    case 'notify':
      return runNotify(site, chain)
  }
}

const kinds: readonly unknown[] = ['veto', 'transform', 'first', 'collect', 'notify'] satisfies HookKind[]

/** All hooks' handlers: registered during setup, then ordered and compiled once into plain functions. */
export class HookSet {
  readonly #around: Pick<Site, 'deadlines' | 'log'>
  readonly #hooks = new Map<string, Declared>()
  readonly #chains = new Map<string, Run>()
  #frozen = false

  constructor({ clock, log }: { readonly clock: Clock; readonly log: Site['log'] }) {
    const known = new Map<number, Deadlines>()
    const deadlines = (ms: number) => {
      const found = known.get(ms)
      if (found !== undefined) return found
      const made = new Deadlines(clock, ms)
      known.set(ms, made)
      return made
    }
    this.#around = { deadlines, log }
  }

  /** @throws NATTER_HOOK_UNKNOWN for what is no hook, or has the name of another kind of hook. */
  add(hook: Hook | MessageHook, registration: Registration): void {
    const { name, run } = checkHook(hook, registration.plugin)
    const declared = this.#hooks.get(name) ?? { run, by: registration.plugin, handlers: [] }
    if (declared.run !== run) {
      throw otherKind(`${registration.plugin} uses "${name}" as a ${run} hook`, declared)
    }
    this.#hooks.set(name, declared)
    declared.handlers.push(registration)
  }

  /**
   * Orders all handlers; nothing can be added afterwards.
   *
   * @throws NATTER_HOOK_CYCLE
   */
  freeze(plugins: readonly string[]): void {
    for (const [name, declared] of this.#hooks) {
      const inPluginOrder = declared.handlers.toSorted((a, b) => plugins.indexOf(a.plugin) - plugins.indexOf(b.plugin))
      declared.handlers.splice(0, Infinity, ...orderHandlers(name, inPluginOrder))
    }
    this.#frozen = true
  }

  /** Whether anybody handles it, for any body. */
  uses(hook: Hook | MessageHook): boolean {
    return this.#handlersOf(hook).length > 0
  }

  /** The compiled hook. Taken before the end of setup, it throws NATTER_SERVICE_UNREADY until then. */
  runner<H extends Hook>(hook: H): Runner<H> {
    if (this.#frozen) return this.#compiled(hook, hook.filter, false) as Runner<H>
    let run: Run = (value, ctx) => {
      if (!this.#frozen) throw tooEarly(hook.name)
      run = this.#compiled(hook, hook.filter, false)
      return run(value, ctx)
    }
    return ((value: unknown, ctx: unknown) => run(value, ctx)) as Runner<H>
  }

  /** The compiled hook, without the handlers of these plugins. After setup. */
  runnerWithout<H extends Hook>(hook: H, without: readonly string[]): Runner<H> {
    return this.#compiled(hook, hook.filter, false, without) as Runner<H>
  }

  /**
   * The compiled hook over messages: `value.type` chooses the handlers, by one look-up. Handlers of the plugins in
   * `without` are left out.
   */
  bodyRunner<H extends MessageHook>(hook: H, without: readonly string[] = []): BodyRunner<H> {
    const others = this.#compiled(hook, undefined, true, without)
    const filters = this.#handlersOf(hook).flatMap(({ filter }) => filter ?? [])
    const byType = new Map(filters.map((type) => [type, this.#compiled(hook, type, true, without)]))
    if (byType.size === 0) return others as BodyRunner<H>
    const run = (value: BodyValue, ctx: unknown) => (byType.get(value.type) ?? others)(value, ctx)
    return run as BodyRunner<H>
  }

  #handlersOf({ name, run }: Hook | MessageHook): readonly Registration[] {
    const declared = this.#hooks.get(name)
    if (declared !== undefined && declared.run !== run) {
      throw otherKind(`"${name}" is run as a ${run} hook`, declared)
    }
    return declared?.handlers ?? []
  }

  #compiled(
    hook: Hook | MessageHook,
    filter: string | undefined,
    message: boolean,
    without: readonly string[] = [],
  ): Run {
    const { name, run } = hook
    const key = [name, filter ?? '', message, ...without.toSorted()].join('\0')
    const known = this.#chains.get(key)
    if (known !== undefined) return known
    const handlers = this.#handlersOf(hook).filter(
      (one) => (one.filter === undefined || one.filter === filter) && !without.includes(one.plugin),
    )
    const site: Site = { ...this.#around, hook: name, consequence: consequenceOf(name, run) }
    const accept: Accept | undefined = message ? (a, b, plugin) => keepEnvelope(site, a, b, plugin) : undefined
    const compiled = handlers.length === 0 ? unused[run] : compile(run, site, makeChain(name, handlers), accept)
    this.#chains.set(key, compiled)
    return compiled
  }
}

const otherKind = (use: string, declared: Declared) =>
  NatterErrors.HOOK_UNKNOWN({
    message:
      `${use}, and ${declared.by} uses it as a ${declared.run} hook.\n` +
      '  Hooks are told apart by their names: give one of them another.',
  })

/** @throws NATTER_HOOK_UNKNOWN */
export function checkHook(hook: Hook | MessageHook, plugin: string): Hook | MessageHook {
  const like = hook as Partial<Hook | MessageHook> | null | undefined
  const known = like?.kind === 'hook' || like?.kind === 'messageHook'
  if (known && typeof like.name === 'string' && kinds.includes(like.run)) return hook
  const constant = typeof hook === 'string' ? camelCase(hook) : ''
  const example = constant === '' ? '' : `, like ${constant}`
  throw NatterErrors.HOOK_UNKNOWN({
    message: `${plugin} registers a handler for ${kindOf(hook)}, which is not a hook.\n  Import the hook's constant from the package that owns it${example}.`,
  })
}

/** `message.allow` is exported as `messageAllow`. */
const camelCase = (name: string) => name.replaceAll(/\.(\w)/g, (_, letter: string) => letter.toUpperCase()).slice(0, 60)

const tooEarly = (name: string) =>
  NatterErrors.SERVICE_UNREADY({
    message: `The hook "${name}" was run during setup, before all handlers were known.\n  Run it from init on.`,
  })
