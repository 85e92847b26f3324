import {
  Clock,
  Connections,
  PersonalData,
  Secrets,
  Users,
  connectionAuthenticate,
  connectionClosed,
  connectionOpened,
  definePlugin,
  requestAuthenticate,
  userAudience,
  userData,
  userErased,
  userShow,
} from '@natter/core'
import { profileOf } from './accounts.js'
import { arriving } from './arriving.js'
import { answerCommands } from './commands.js'
import { authConfig } from './config.js'
import * as contract from './contract.js'
import { openDesk } from './desk.js'
import type { Desk } from './desk.js'
import { Heartbeat } from './heartbeat.js'
import { dataOf, erasureOf } from './person.js'
import { answerPersonRoutes } from './person-routes.js'
import { refreshCookie } from './refresh-cookie.js'
import { answerRoutes } from './routes.js'
import type { WayRoutes } from './way.js'

/** Sessions that are over are kept this long for whoever looks into what happened, and looked for this often, ms. */
const keepEndedMs = 30 * 86_400_000
const purgeEveryMs = 6 * 3_600_000

/**
 * Accounts: people register, log in by password, and stay logged in on their devices. Provides the services `users` and
 * `accounts`. The alternative for an app that has users of its own is `hostIdentity` of `@natter/auth/host`.
 *
 * @example
 * const chat = await createChat({ plugins: [storageSql(), auth(), offline()] })
 */
export const auth = definePlugin({
  name: 'auth',
  version: '0.1.0',
  contract,
  needs: { clock: Clock, connections: Connections, secrets: Secrets, personalData: PersonalData },
  provides: [Users, contract.Accounts],
  models: [contract.account, contract.credential, contract.session, contract.avatar],
  config: authConfig,
  setup(api, { clock, connections, secrets, personalData }, config) {
    const audience = api.runner(userAudience)
    const show = api.runner(userShow)
    const allow = api.runner(contract.registrationAllow)
    const registered = api.runner(contract.registered)
    const recoveryRequested = api.runner(contract.recoveryRequested)
    const methods = api.runner(contract.authenticators)
    const parts = {
      config,
      clock,
      connections,
      log: api.log,
      rows: {
        accounts: api.records(contract.account),
        credentials: api.records(contract.credential),
        sessions: api.records(contract.session),
        avatars: api.records(contract.avatar),
      },
      flows: api.kv('flows', { personal: 'who is logging in, for ten minutes' }),
      recoveryTokens: api.kv('recovery', { personal: 'whose account a recovery link opens, until it is over' }),
      ceremonies: api.kv('ceremonies', { personal: 'who sets up a way to log in, for ten minutes' }),
      registrationAllow: (who: { readonly handle: string; readonly ip: string }) => allow(who, undefined),
      registered: (who: { readonly user: string; readonly handle: string }) => registered(who, undefined),
      recoveryRequested: (request: contract.RecoveryRequest) => recoveryRequested(request, undefined),
      show,
      async changed(account: Parameters<typeof profileOf>[0]) {
        const others = [...new Set(await audience({ user: account.id }, undefined))]
        const verdicts = await Promise.all(
          others.map(async (to) =>
            to === account.id ? undefined : show({ user: account.id, to, why: 'change' }, undefined),
          ),
        )
        const shown = others.filter((_, i) => verdicts[i] === undefined)
        api.publish(contract.changed, { users: [...new Set([account.id, ...shown])] }, profileOf(account))
      },
    }

    let opened: Desk | undefined
    let heartbeat: Heartbeat | undefined
    const timers: { cancel(): void }[] = []
    const desk = (): Desk => {
      if (!opened) throw new Error('auth is used before its init')
      return opened
    }

    // Services are made before `init`, so they look for the desk when they are used.
    api.provide(Users, () => ({
      lookup: (ids) => desk().users.lookup(ids),
      find: (handle) => desk().users.find(handle),
      exists: (id) => desk().users.exists(id),
    }))
    api.provide(contract.Accounts, () => ({
      close: (user) => desk().service.close(user),
      logout: (user) => desk().service.logout(user),
      removeFactors: (user) => desk().service.removeFactors(user),
      recoveryToken: (user) => desk().service.recoveryToken(user),
    }))
    answerCommands(api, desk)
    const cookie = refreshCookie({ origins: config.origins, now: () => clock.now() })
    answerRoutes(api, desk, cookie)
    answerPersonRoutes(api, { desk, cookie, personalData, clock })
    api.hook(userData, ({ user }) => dataOf({ ...parts, ...desk() }, user))
    api.hook(userErased, ({ user }) => erasureOf({ ...parts, ...desk() }, user))
    const routes: WayRoutes = { route: (route, handler) => api.route(route, handler), cookie, ...arriving(cookie) }
    for (const way of config.authenticators) way.answer(routes, () => desk().wayDesk)

    api.hook(connectionAuthenticate, (attempt) => desk().admissions.connection(attempt))
    api.hook(requestAuthenticate, async ({ token }) => {
      const known = token === undefined ? undefined : await desk().admissions.byToken(token)
      return known && { user: known.user, device: known.device, session: known.session }
    })
    api.hook(connectionOpened, (connection) => {
      // It may have ended between the look at its ticket and now.
      if (!desk().admissions.ended(connection)) return undefined
      return connections.disconnect({ user: connection.user, session: connection.session }).then(() => undefined)
    })
    api.hook(connectionClosed, (connection) => heartbeat?.note(connection))

    const purge = () =>
      desk()
        .sessions.purge(keepEndedMs)
        .catch((error: unknown) => api.log.warn({ err: error }, 'ended sessions could not be removed'))

    return {
      async init() {
        opened = openDesk({ ...parts, secrets, authenticators: await methods(undefined, undefined) })
        await opened.passwords.prepare()
      },
      start() {
        timers.push(clock.every(purgeEveryMs, () => void purge()))
      },
      async ready() {
        await desk().watch.start()
        heartbeat = new Heartbeat({ sessions: desk().sessions, connections, clock, log: api.log })
        heartbeat.start()
      },
      async drain() {
        // When everybody leaves because the server stops, nobody went away.
        const beating = heartbeat
        heartbeat = undefined
        await beating?.stop()
      },
      async stop() {
        for (const timer of timers) timer.cancel()
        await heartbeat?.stop()
        await opened?.watch.stop()
      },
    }
  },
})
