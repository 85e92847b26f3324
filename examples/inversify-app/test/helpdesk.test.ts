import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import 'reflect-metadata'
import test from 'ava'
import type { ExecutionContext } from 'ava'
import { Container, inject, injectable } from 'inversify'
import { Conversations, createChat, fromInversify, toInversify } from '@natter/core'
import type { Chat, HostToken } from '@natter/core'
import { Assignments } from '#src/assignments.js'
import { ChatConversations, Now } from '#src/host-tokens.js'
import { openHelpdesk } from '#src/open-helpdesk.js'
import { Tickets } from '#src/tickets.js'
import { TicketTitles, ticketTitles } from '#src/ticket-titles.js'

const run = promisify(execFile)
const secrets = 'a secret for tests that is long enough to be one'

async function helpdesk(t: ExecutionContext) {
  const folder = await mkdtemp(join(tmpdir(), 'natter-helpdesk-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const { chat, container } = await openHelpdesk(folder)
  t.teardown(() => chat.stop())
  return { chat, container }
}

test("a plugin uses the app's own service, the same one that the app uses", async (t) => {
  const { chat, container } = await helpdesk(t)
  container.get(Tickets).open('Printer on fire')
  const ack = await chat.as('ann').send({ user: 'ben' }, { text: 'Can you see #1, but not #2?' })
  t.is(ack.durability, 'committed')
  t.like(await chat.conversations.entry('ben', `${ack.conversation}/1`), {
    text: 'Can you see #1 (Printer on fire), but not #2?',
  })
})

test("a decorated class of the app uses the chat's service, through the same hooks", async (t) => {
  const { chat, container } = await helpdesk(t)
  container.get(Tickets).open('Printer on fire')
  const assignments = container.get(Assignments)
  const first = await assignments.assign(1, 'ben')
  t.deepEqual(await assignments.assign(1, 'ben'), first)
  t.like(await chat.conversations.entry('ben', `${first.conversation}/1`), {
    from: 'helpdesk',
    text: 'Please look at #1 (Printer on fire)',
  })
  await t.throwsAsync(chat.conversations.entry('ben', `${first.conversation}/2`), { code: 'NATTER_NOT_FOUND' })
  t.is(container.get(ChatConversations), chat.get(Conversations))
})

// What the host can get wrong. Each message names the service and what to do.

const boot = (container: Container, host: HostToken<TicketTitles> = Tickets) =>
  createChat({ plugins: [ticketTitles()], container: fromInversify(container, [[TicketTitles, host]]), secrets })

test('a service that the container does not have is named', async (t) => {
  await t.throwsAsync(boot(new Container()), {
    code: 'NATTER_NEED_MISSING',
    message:
      'the host\'s container has no binding of Tickets; it is to give the service "ticket-titles".\n' +
      '  Bind it before createChat.',
  })
})

test('a container that was emptied, as at the end of an app, is named by what is gone', async (t) => {
  const container = new Container()
  container.bind(Now).toConstantValue(() => new Date())
  container.bind(Tickets).toSelf()
  container.unbindAll()
  await t.throwsAsync(boot(container), { code: 'NATTER_NEED_MISSING', message: /has no binding of Tickets/ })
})

test('the program shows both directions, and repeats nothing', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'natter-helpdesk-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
  for (let times = 0; times < 2; times++) {
    const { stdout } = await run(process.execPath, [main], { env: { ...process.env, DATA_DIR: folder } })
    t.regex(stdout, /^Opened +#1 Printer on fire\nBen Brook +reads: Please look at #1 \(Printer on fire\)\nClosed /)
  }
})

test('a service of which a part is missing names the service and the part', async (t) => {
  const container = new Container()
  container.bind(Tickets).toSelf()
  const error = await t.throwsAsync(boot(container), { code: 'NATTER_NEED_MISSING' })
  t.regex(error.message, /cannot make Tickets: .*helpdesk\.now.*"ticket-titles"\.\n {2}Bind what it is made of\./)
})

test('a service that is made asynchronously is named, with how to make it first', async (t) => {
  const container = new Container()
  container.bind(Now).toConstantValue(() => new Date())
  container
    .bind(Tickets)
    .toDynamicValue(async () => new Tickets(() => new Date()))
    .inSingletonScope()
  await t.throwsAsync(boot(container), {
    code: 'NATTER_NEED_MISSING',
    message:
      'the host\'s container makes Tickets asynchronously; it is to give the service "ticket-titles".\n' +
      '  Call await container.getAsync(…) for it once before createChat, in singleton scope.',
  })
  await container.getAsync(Tickets)
  const chat = await boot(container)
  await chat.stop()
  t.pass()
})

test('a service that needs the chat itself cannot be given to it, and the message says what is missing', async (t) => {
  @injectable()
  class TitlesByChat implements TicketTitles {
    readonly conversations: Conversations
    constructor(@inject(ChatConversations) conversations: Conversations) {
      this.conversations = conversations
    }
    titleOf() {
      return undefined
    }
  }
  const container = new Container()
  container.bind(TitlesByChat).toSelf()
  const error = await t.throwsAsync(boot(container, TitlesByChat), { code: 'NATTER_NEED_MISSING' })
  t.regex(error.message, /cannot make TitlesByChat: .*chat-conversations/)
})

test('a plugin whose service is in no pair says which, and who needs it', async (t) => {
  const container = fromInversify(new Container(), [])
  // The types refuse this; plain JavaScript gets words.
  const plugins = [ticketTitles()] as never[]
  const error = await t.throwsAsync(createChat({ plugins, container, secrets }), { code: 'NATTER_NEED_MISSING' })
  t.regex(error.message, /ticket-titles needs the service "ticket-titles", and no plugin provides it/)
})

test("a service of the chat that nobody provides cannot be put into the app's container", async (t) => {
  const container = new Container()
  container.bind(Now).toConstantValue(() => new Date())
  container.bind(Tickets).toSelf()
  const chat: Chat = (await boot(container)) as never
  t.teardown(() => chat.stop())
  const absent = { kind: 'token', name: 'groups' } as const
  t.throws(() => toInversify(chat, container, [[absent, 'groups']]), {
    code: 'NATTER_NEED_MISSING',
    message: /"groups" was asked for, and no plugin provides it/,
  })
})
