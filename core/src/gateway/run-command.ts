import { isDenied } from '../contract/index.js'
import type { Awaitable, Command, Denied, SchemaResult } from '../contract/index.js'
import { NatterErrors } from '../errors.js'
import type { CommandContext, Principal } from '../kernel/context.js'
import { RawJson } from '../raw-json.js'
import type { Clock } from '../services/clock.js'
import { TokenBucket } from './token-bucket.js'

/** A command as the kernel registered it. */
export interface RunnableCommand {
  readonly command: Command
  readonly plugin: string
  readonly parse: (input: unknown) => Awaitable<unknown>
  readonly handler: (input: never, context: CommandContext) => Awaitable<unknown>
}

export interface CommandParts {
  readonly clock: Clock
  readonly commands: ReadonlyMap<string, RunnableCommand>
  readonly plugins: ReadonlyMap<string, number>
  readonly allow:
    | ((
        value: { readonly name: string; readonly input: unknown },
        by: Principal | undefined,
      ) => Awaitable<Denied | undefined | void>)
    | undefined
}

/** Runs commands: finds, limits, validates, asks the vetoes, calls. */
export class CommandRunner {
  readonly #parts: CommandParts
  readonly #buckets = new Map<string, TokenBucket>()

  constructor(parts: CommandParts) {
    this.#parts = parts
  }

  /** @throws NATTER_UNKNOWN_COMMAND, NATTER_PLUGIN_ABSENT */
  find(name: string): RunnableCommand {
    const found = this.#parts.commands.get(name)
    if (found) return found
    const plugin = name.slice(0, name.indexOf('.'))
    throw this.#parts.plugins.has(plugin)
      ? NatterErrors.UNKNOWN_COMMAND({ details: { name } })
      : NatterErrors.PLUGIN_ABSENT({ message: `The server runs without the plugin "${plugin}".`, details: { plugin } })
  }

  /**
   * The answer as JSON text.
   *
   * @throws NATTER_INVALID, NATTER_RATE_LIMITED, refusals of vetoes, and what the handler throws.
   */
  async run(runnable: RunnableCommand, input: unknown, context: CommandContext): Promise<string> {
    this.#limit(runnable.command, context.user.id)
    const parsed = await runnable.parse(input)
    if (this.#parts.allow) {
      const verdict = await this.#parts.allow({ name: runnable.command.name, input: parsed }, principalOf(context))
      if (isDenied(verdict)) throw verdict.error
    }
    const output = await runnable.handler(parsed as never, context)
    if (output === undefined) await mustMeanIt(runnable)
    return output instanceof RawJson ? output.text : (JSON.stringify(output) ?? 'null')
  }

  #limit({ name, limit }: Command, user: string): void {
    if (!limit) return
    const now = this.#parts.clock.monotonic()
    const key = `${user} ${name}`
    const perSecond = (limit.points / limit.windowMs) * 1_000
    let bucket = this.#buckets.get(key)
    if (!bucket) this.#buckets.set(key, (bucket = new TokenBucket(limit.points, now)))
    const wait = bucket.take(now, limit.points, perSecond)
    if (wait === 0) return
    bucket.refund()
    throw NatterErrors.RATE_LIMITED({ retryAfterMs: wait })
  }

  /** Forgets limits that nobody comes near. */
  sweep(): void {
    const now = this.#parts.clock.monotonic()
    for (const [key, bucket] of this.#buckets) {
      const { limit } = this.#parts.commands.get(key.slice(key.indexOf(' ') + 1))!.command
      if (!limit || bucket.holds(now, limit.points, (limit.points / limit.windowMs) * 1_000)) this.#buckets.delete(key)
    }
  }
}

/** A handler that returns nothing where its contract promises something has forgotten to. */
async function mustMeanIt({ command: { name, output }, plugin }: RunnableCommand): Promise<void> {
  const { issues } = (await output['~standard'].validate(undefined)) as SchemaResult<unknown>
  if (issues === undefined) return
  throw NatterErrors.PLUGIN_INVALID({
    message: `${plugin}: the handler of the command "${name}" returned nothing.\n  Return what its output schema says; was "return" forgotten?`,
  })
}

const principalOf = ({ user, device, session }: CommandContext): Principal => ({ user: user.id, device, session })
