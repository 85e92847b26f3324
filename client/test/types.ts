/** Compiled, never run: what must and what must not compile when a client is used. */
import { clientPlugin, createClient } from '@natter/client'
import type { MessageView } from '@natter/client'
import type * as contract from './support/poll-contract.js'
import { command } from '@natter/core/contract'

type IsAny<T> = 0 extends 1 & T ? true : false
type No<T extends false> = T

const poll = clientPlugin<typeof contract>('poll', { vote: 1, create: 1, tally: 'idempotent' })
const counting = poll.with((_api, options: { readonly from: number }) => ({ count: options.from }))
const chat = createClient({ url: '', token: '', plugins: [poll()] })
const bare = createClient({ url: '', token: async ({ reason, signal }) => (signal.aborted ? '' : reason) })

export type Checks = [
  No<IsAny<Awaited<ReturnType<typeof chat.poll.vote>>>>,
  No<IsAny<Parameters<typeof chat.poll.vote>[0]>>,
  No<IsAny<typeof chat.poll>>,
  No<IsAny<Parameters<Parameters<typeof chat.on<'message'>>[1]>[0]>>,
]

// --- as it is meant
export async function used(render: (text: string) => void): Promise<void> {
  chat.on('message', (message) => {
    switch (message.type) {
      case 'text':
        return render(message.text)
      case 'poll':
        return render(message.options.join())
      default:
        return render(message.type)
    }
  })
  chat.on('poll.changed', (tally) => tally.counts.map((count) => count + 1))
  chat.on('gap', ({ conversation, from, to }) => render(`${conversation} ${to - from}`))
  const sending = chat.conversation('c').send({ text: 'hello' })
  if (sending.state === 'queued') render(sending.id)
  const sent = await sending.sent
  if (sent.durability === 'committed') render(String(sent.seq))
  chat.direct('bob').send({ type: 'poll', question: 'tea?', options: ['y', 'n'] })
  const { counts } = await chat.poll.vote(
    { poll: 'c/1', option: 1 },
    { timeoutMs: 1_000, signal: AbortSignal.timeout(1) },
  )
  render(String(counts.length))
  const shown: readonly MessageView[] = bare.direct('bob').messages.get()
  for (const { key, own, state, seq } of shown) render(`${key} ${own} ${state} ${seq}`)
  try {
    await chat.poll.create({ with: 'bob', options: [] })
  } catch (error) {
    if (chat.isError(error, 'POLL_CLOSED')) {
      const code: 'POLL_CLOSED' = error.code
      render(code)
    }
    if (chat.isError(error)) {
      switch (error.code) {
        case 'POLL_CLOSED':
        case 'NATTER_RATE_LIMITED':
        case 'CLIENT_OFFLINE':
        case 'STORAGE_FULL':
          render(String(error.retryAfterMs))
      }
    }
  }
  const { poll: both } = createClient({ url: '', token: '', plugins: [counting({ from: 1 })] })
  render(String(both.count))
  await both.vote({ poll: 'p', option: 1 })
  const more: boolean = await chat.direct('bob').loadOlder()
  render(String(more))
}

// --- mistakes
export function mistakes(caught: unknown): void {
  // @ts-expect-error wrong input: a text for a number
  void chat.poll.vote({ poll: 'x', option: '2' })
  // @ts-expect-error missing field
  void chat.poll.vote({ option: 2 })
  // @ts-expect-error unknown field
  void chat.poll.vote({ poll: 'x', option: 2, extra: 1 })
  // @ts-expect-error a plugin that is not there
  void chat.groups.create({})
  // @ts-expect-error unknown verb
  void chat.poll.voet({ poll: 'x', option: 2 })
  // @ts-expect-error unknown option of a call
  void chat.poll.vote({ poll: 'x', option: 2 }, { timeout: 5 })
  // @ts-expect-error unknown event
  chat.on('poll.chnged', () => {})
  // @ts-expect-error wrong payload
  chat.on('poll.changed', (payload: { nope: string }) => payload)
  chat.on('poll.changed', (payload) => {
    // @ts-expect-error unknown field of the payload
    void payload.nope
  })
  chat.on('message', (message) => {
    // @ts-expect-error not narrowed yet
    void message.options
    // @ts-expect-error a kind that nobody declared
    if (message.type === 'pol') return
  })
  // @ts-expect-error misspelt code
  if (chat.isError(caught, 'POLL_CLOSD')) return
  if (chat.isError(caught)) {
    // @ts-expect-error misspelt code in a comparison
    if (caught.code === 'POLL_CLOSD') return
  }
  // @ts-expect-error the code of a plugin that is not there
  if (bare.isError(caught, 'POLL_CLOSED')) return
  // @ts-expect-error a kind of message of a plugin that is not there
  bare.conversation('x').send({ type: 'poll', question: 'q', options: [] })
  // @ts-expect-error missing field of a body
  chat.conversation('x').send({ type: 'poll', question: 'q' })
  // @ts-expect-error unknown body
  chat.conversation('x').send({ txt: 'hello' })
  // @ts-expect-error forgot to call the plugin
  createClient({ url: '', token: '', plugins: [poll] })
  // @ts-expect-error not a client plugin
  createClient({ url: '', token: '', plugins: [{ name: 'poll', setup() {} }] })
  // @ts-expect-error options that the plugin needs
  counting()
  // @ts-expect-error options where none are taken
  poll({ a: 1 })
  // @ts-expect-error a missing verb
  clientPlugin<typeof contract>('poll', { vote: 1, create: 1 })
  // @ts-expect-error a verb that the contract does not have
  clientPlugin<typeof contract>('poll', { vote: 1, create: 1, tally: 'idempotent', close: 1 })
  // @ts-expect-error this command may not be repeated
  clientPlugin<typeof contract>('poll', { vote: 'idempotent', create: 1, tally: 'idempotent' })
  // @ts-expect-error this command may be repeated
  clientPlugin<typeof contract>('poll', { vote: 1, create: 1, tally: 1 })
  // @ts-expect-error the name of another plugin
  clientPlugin<typeof contract>('pol', { vote: 1, create: 1, tally: 'idempotent' })
  const outbox = { close: command('outbox.close', { input: {} as never, output: {} as never }) }
  // @ts-expect-error a name that the client has itself
  clientPlugin<typeof outbox>('outbox', { close: 1 })
  // @ts-expect-error a token source gives a promise
  createClient({ url: '', token: () => 'token' })
  // @ts-expect-error what is observed is not changed
  chat.conversations.get().push({})
  // @ts-expect-error a link that does not exist
  if (chat.status.get().link === 'connected') return
  // @ts-expect-error a state that does not exist
  if (chat.direct('bob').send({ text: '' }).state === 'delivred') return
}
