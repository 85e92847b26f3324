// Never run: the compiler is the test. What must not compile is marked, and an unused mark is an error.
import { z } from 'zod'
import { createChat, definePlugin } from '@natter/core'
import type { Ack, ConversationMembers } from '@natter/core'
import { body, token } from '@natter/core/contract'
import type { Token } from '@natter/core/contract'

const pollBody = body('poll', z.object({ question: z.string(), options: z.array(z.string()) }))
interface Mailer {
  mail(to: string): string
}
const Mailer: Token<Mailer, 'mailer'> = token('mailer').of()
const poll = definePlugin({
  name: 'poll',
  contract: { pollBody },
  provides: [Mailer],
  setup: (api) => api.provide(Mailer, () => ({ mail: (to) => to })),
})

export async function host(): Promise<void> {
  const chat = await createChat({ plugins: [poll()] })

  const ack: Ack = await chat.as(7).send({ user: 42 }, { text: 'hello' }, { id: 'one' })
  await chat.as('a').send(ack.conversation, { type: 'poll', question: 'Tea?', options: ['yes', 'no'] })
  // @ts-expect-error a body that no plugin here declares
  await chat.as('a').send({ user: 'b' }, { type: 'pol', question: 'Tea?', options: [] })
  // @ts-expect-error a field is missing
  await chat.as('a').send({ user: 'b' }, { type: 'poll', question: 'Tea?' })
  // @ts-expect-error a text is text
  await chat.as('a').send({ user: 'b' }, { text: 5 })
  // @ts-expect-error nobody is named
  await chat.as('a').send({}, { text: 'hello' })
  // @ts-expect-error nobody sends
  chat.as()
  // @ts-expect-error vetoes are left out by name here only
  await chat.as('a').send({ user: 'b' }, { text: 'hello' }, { without: ['poll'] })

  await chat.system.as('a', { without: ['poll'] }).send({ user: 'b' }, { text: 'hello' })
  await chat.system.append('c', { body: { type: 'poll', question: 'Tea?', options: [] }, cause: 'tea' })
  // @ts-expect-error whose vetoes are left out is said
  chat.system.as('a')
  // @ts-expect-error without a cause it would happen twice
  await chat.system.append('c', { body: { text: 'hello' } })

  const stop: () => void = chat.on('message', (message) => {
    if (message.type === 'text') return message.text.length
    if (message.type === 'poll') return message.options.length
    // @ts-expect-error what another kind has is not known
    return message.question
  })
  stop()
  chat.on('connected', ({ user, device }) => `${user} ${device}`)
  // @ts-expect-error there is no such event
  chat.on('mesage', () => undefined)
  // @ts-expect-error a connection is no message
  chat.on('connected', ({ text }) => text)

  const { question } = await chat.conversations.entry('a', 'c/1', pollBody)
  question.toUpperCase()
  // @ts-expect-error it asks as somebody
  await chat.conversations.entry('c/1')
  const members: ConversationMembers | undefined = await chat.conversations.members('c')
  chat.get(Mailer).mail(members?.kind ?? '')
  // @ts-expect-error a service has its own methods
  chat.get(Mailer).send('b')
  // @ts-expect-error everybody is not a user
  await chat.disconnect({ session: 's' })
}
