import 'reflect-metadata'
import test from 'ava'
import { Container } from 'inversify'
import { container as tsyringe } from 'tsyringe'
import {
  Conversations,
  createChat,
  definePlugin,
  fromInversify,
  fromTsyringe,
  toInversify,
  toTsyringe,
} from '@natter/core'
import type { HostBridge } from '@natter/core'
import { token } from '@natter/core/contract'
import type { Token } from '@natter/core/contract'

interface Mailer {
  mail(to: string): string
}
const Mailer: Token<Mailer, 'mailer'> = token('mailer').of()
class AppMailer implements Mailer {
  mail(to: string) {
    return `mailed ${to}`
  }
}

const used: string[] = []
const mailing = definePlugin({
  name: 'mailing',
  needs: { mailer: Mailer },
  setup: (_api, { mailer }) => ({ start: () => void used.push(mailer.mail('bob')) }),
})
const secrets = 'a secret for tests that is long enough to be one'
const boot = (container: HostBridge<'mailer'>) => createChat({ plugins: [mailing()], container, secrets })

test('an inversify container gives services and gets them, by explicit pairs', async (t) => {
  const host = new Container()
  host.bind(AppMailer).toConstantValue(new AppMailer())
  const chat = await boot(fromInversify(host, [[Mailer, AppMailer]]))
  t.teardown(() => chat.stop())
  t.true(used.includes('mailed bob'))
  toInversify(chat, host, [[Conversations, 'conversations']])
  t.is(host.get('conversations'), chat.get(Conversations))
})

test('a tsyringe container gives services and gets them, by explicit pairs', async (t) => {
  const host = tsyringe.createChildContainer()
  host.register('mailer', { useValue: new AppMailer() })
  const chat = await boot(fromTsyringe(host, [[Mailer, 'mailer']]))
  t.teardown(() => chat.stop())
  toTsyringe(chat, host, [[Conversations, 'conversations']])
  t.is(host.resolve('conversations'), chat.get(Conversations))
})

test('a service of the host that is missing, asynchronous or disposed is a readable error at boot', async (t) => {
  const inversify = new Container()
  await t.throwsAsync(boot(fromInversify(inversify, [[Mailer, AppMailer]])), {
    message: /^the host's container has no binding of AppMailer; it is to give the service "mailer"\.\n/,
  })
  inversify
    .bind(AppMailer)
    .toDynamicValue(async () => new AppMailer())
    .inSingletonScope()
  await t.throwsAsync(boot(fromInversify(inversify, [[Mailer, AppMailer]])), { message: /AppMailer asynchronously/ })

  const child = tsyringe.createChildContainer()
  await t.throwsAsync(boot(fromTsyringe(child, [[Mailer, 'mailer']])), { message: /knows no mailer/ })
  child.register('mailer', { useFactory: () => Promise.resolve(new AppMailer()) })
  await t.throwsAsync(boot(fromTsyringe(child, [[Mailer, 'mailer']])), { message: /gives a promise for mailer/ })
  await child.dispose()
  await t.throwsAsync(boot(fromTsyringe(child, [[Mailer, AppMailer]])), { message: /was disposed/ })
})

test('a service of the chat does not go where the host has something already', async (t) => {
  const message =
    'the host\'s container has conversations already, where the chat\'s service "conversations" was to go.\n' +
    "  Give the chat's service a name of its own."
  const host = new Container()
  host.bind(AppMailer).toConstantValue(new AppMailer())
  host.bind('conversations').toConstantValue("the host's own")
  const chat = await boot(fromInversify(host, [[Mailer, AppMailer]]))
  t.teardown(() => chat.stop())
  const code = 'NATTER_PROVIDED_TWICE'
  t.throws(() => toInversify(chat, host, [[Conversations, 'conversations']]), { code, message })
  t.is(host.get('conversations'), "the host's own")
  const child = tsyringe.createChildContainer()
  child.register('conversations', { useValue: "the host's own" })
  t.throws(() => toTsyringe(chat, child, [[Conversations, 'conversations']]), { code, message })
})

test('a class in place of an instance is told apart', async (t) => {
  const host = tsyringe.createChildContainer()
  host.register('mailer', { useValue: AppMailer })
  await t.throwsAsync(boot(fromTsyringe(host, [[Mailer, 'mailer']])), {
    message:
      'the host\'s container gives the class AppMailer for mailer; it is to give the service "mailer".\n' +
      '  Bind an instance, or the class so that the container makes one.',
  })
})

test('a pair without a token is refused in words', (t) => {
  t.throws(() => fromTsyringe(tsyringe, [[AppMailer, AppMailer]] as never), { code: 'NATTER_CONFIG_INVALID' })
})
