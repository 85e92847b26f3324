import { FakeClock } from '@natter/testkit'
import type { Hook } from '@natter/core/contract'
import { Kernel } from '#src/kernel/kernel.js'
import type { KernelOptions } from '#src/kernel/kernel.js'
import type { ParentLogger } from '#src/kernel/logger.js'
import { definePlugin } from '#src/kernel/plugin.js'
import type { Lifecycle, Plugin, PluginApi } from '#src/kernel/plugin.js'

export interface Line {
  readonly level: string
  readonly bindings: object
  readonly details: object | string
  readonly message: string | undefined
}

/** A logger that keeps what it is told. */
export function memoryLogger(lines: Line[] = [], bindings: object = {}): ParentLogger & { readonly lines: Line[] } {
  const write = (level: string) => (details: object | string, message?: string) =>
    void lines.push({ level, bindings, details, message })
  return {
    lines,
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (more) => memoryLogger(lines, { ...bindings, ...more }),
  }
}

export interface Rig {
  readonly kernel: Kernel
  readonly clock: FakeClock
  readonly lines: Line[]
}

export async function setUp(plugins: readonly unknown[], options: Partial<KernelOptions> = {}): Promise<Rig> {
  const clock = new FakeClock()
  const logger = memoryLogger()
  const kernel = await Kernel.setup({
    plugins: plugins as readonly Plugin[],
    core: [],
    logger,
    clock,
    publish: () => undefined,
    ...options,
  })
  return { kernel, clock, lines: logger.lines }
}

export function setupOf(
  name: string,
  setup: (api: PluginApi) => Lifecycle | void = () => undefined,
  spec: object = {},
): Plugin {
  return definePlugin({ name, ...spec, setup: (api) => setup(api as PluginApi) })() as Plugin
}

/** A plugin for each handler, all of one hook. */
export function handlersOf(hook: Hook, ...handlers: readonly ((value: never, ctx: never) => unknown)[]): Plugin[] {
  return handlers.map((handler, i) => setupOf(`p${i}`, (api) => api.hook(hook, handler as never)))
}

/** A promise with its ends in the test's hand. */
export function deferred<T = void>() {
  let resolve!: (value: T) => void
  let reject!: (reason: unknown) => void
  const promise = new Promise<T>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}

export const never = () => new Promise<never>(() => undefined)
