import type { Awaitable, Denied, Kv, Records } from '@natter/core/contract'
import type { Clock, Connections, Logger, Runner, Secrets, userShow } from '@natter/core'
import { accessTokens } from './access-tokens.js'
import { accountService } from './account-service.js'
import { AccountBook } from './accounts.js'
import type { Account } from './accounts.js'
import { Admissions } from './admissions.js'
import { Arrivals } from './arrivals.js'
import { authenticatorsOf } from './authenticators.js'
import { Pictures } from './avatars.js'
import type { AuthConfig } from './config.js'
import type * as contract from './contract.js'
import { Devices } from './devices.js'
import { Factors } from './factors.js'
import { Flows } from './flows.js'
import { FreshProof } from './fresh-proof.js'
import { reservedSkeletons } from './handles.js'
import { Limit } from './limits.js'
import { Login } from './login.js'
import { OwnAccounts } from './own-accounts.js'
import { passwordAuthenticator } from './password-authenticator.js'
import { PasswordChange } from './password-change.js'
import { argon2Hashing } from './password-hashing.js'
import type { PasswordHashing } from './password-hashing.js'
import { passwordRules } from './password-rules.js'
import { Passwords } from './passwords.js'
import { people, questions } from './people.js'
import { Recovery } from './recovery.js'
import { recoveryCodeAuthenticator } from './recovery-code-authenticator.js'
import { RecoveryCodes } from './recovery-codes.js'
import { refreshTokens } from './refresh-tokens.js'
import { byPassword, registration } from './registration.js'
import { RevocationWatch } from './revocation-watch.js'
import { Revocations } from './revocations.js'
import { Sessions } from './sessions.js'
import { tickets } from './tickets.js'
import type { WayDesk } from './way.js'
import { WaysIn } from './ways-in.js'

/** What auth is made from. */
export interface DeskParts {
  readonly config: AuthConfig
  readonly secrets: Secrets
  readonly clock: Clock
  readonly connections: Connections
  readonly log: Logger
  readonly rows: {
    readonly accounts: Records<typeof contract.account>
    readonly credentials: Records<typeof contract.credential>
    readonly sessions: Records<typeof contract.session>
    readonly avatars: Records<typeof contract.avatar>
  }
  readonly flows: Kv
  readonly recoveryTokens: Kv
  /** What is under way outside log-ins: setting a way up, a visit to a provider. */
  readonly ceremonies: Kv
  readonly authenticators: readonly contract.Authenticator[]
  readonly registrationAllow: (who: { readonly handle: string; readonly ip: string }) => Awaitable<Denied | undefined>
  readonly registered: (who: { readonly user: string; readonly handle: string }) => void
  readonly recoveryRequested: (request: contract.RecoveryRequest) => void
  readonly changed: (account: Account) => Promise<void>
  readonly show: Runner<typeof userShow>
  readonly hashing?: PasswordHashing
}
export type Desk = ReturnType<typeof openDesk>

/** Entries about what ended are kept longer than a ticket can live, because clocks jump. */
const marginMs = 3_600_000

/** Never a handle as it was typed: it may be a password. */
function whoOf(limit: keyof AuthConfig['limits'], key: string): { readonly who?: string } {
  if (limit === 'recoveryMail') return {}
  // A handle, and the network behind it.
  return { who: limit === 'login' || limit === 'recovery' ? key.slice(key.lastIndexOf(' ') + 1) : key }
}

/** Puts the parts of auth together. */
export function openDesk(parts: DeskParts) {
  const { config, secrets, clock, connections, log, rows } = parts
  const limit = (name: keyof AuthConfig['limits']) =>
    new Limit(config.limits[name], (key) => log.warn({ limit: name, ...whoOf(name, key) }, 'a limit was reached'))
  const windowMs = Math.max(config.ticketLifeMs, config.accessLifeMs) + marginMs
  const rules = passwordRules(config.password)

  const accounts = new AccountBook(rows.accounts, clock)
  const revocations = new Revocations(windowMs)
  const signed = accessTokens(secrets.all('auth.access'), { ...config, lifeMs: config.accessLifeMs })
  const sessions = new Sessions({
    rows: rows.sessions,
    accounts,
    tokens: refreshTokens(secrets.all('auth.refresh')),
    revocations,
    connections,
    clock,
    log,
    options: config,
  })
  const passwords = new Passwords({
    accounts,
    rows: rows.credentials,
    hashing: parts.hashing ?? argon2Hashing(config.password),
    clock,
    log,
  })
  const codes = new RecoveryCodes(rows.credentials, clock, config.recoveryCodes)
  const pictures = new Pictures(rows.avatars)
  const own = new OwnAccounts({ accounts, pictures, codes, changed: parts.changed })
  const arrivals = new Arrivals({ sessions, accessTokens: signed, own, clock, log })
  // Some authenticators are made from the desk below.
  const factors = new Factors(() => authenticators)
  const tries = limit('factor')
  const fresh = new FreshProof({
    passwords,
    factors,
    sessions,
    clock,
    log,
    passwordTries: limit('password'),
    codeTries: tries,
  })
  const users = people(accounts)
  const register = registration({
    accounts,
    passwords,
    rules,
    codes,
    arrivals,
    limit: limit('registration'),
    reserved: reservedSkeletons(config.reservedHandles),
    open: config.registration === 'open',
    allow: parts.registrationAllow,
    registered: parts.registered,
  })
  const perNetwork = limit('loginPerNetwork')
  const login = new Login({
    accounts,
    arrivals,
    flows: new Flows(parts.flows, clock),
    factors,
    clock,
    log,
    perAccount: limit('login'),
    perNetwork,
    perFactor: limit('factor'),
  })
  const recovery = new Recovery({
    accounts,
    passwords,
    rules,
    codes,
    sessions,
    login,
    tokens: parts.recoveryTokens,
    clock,
    log,
    tokenLifeMs: config.recoveryTokenLifeMs,
    requested: parts.recoveryRequested,
    perAccount: limit('recovery'),
    perNetwork: limit('recoveryPerNetwork'),
    mails: limit('recoveryMail'),
  })
  const waysIn = new WaysIn({ rows: rows.credentials, locks: parts.ceremonies, ways: config.authenticators })
  const wayDesk: WayDesk = {
    accounts,
    codes,
    credentials: rows.credentials,
    ceremonies: parts.ceremonies,
    clock,
    fresh,
    log,
    login,
    perNetwork,
    register,
    secrets,
    tries,
    waysIn,
  }
  const authenticators = authenticatorsOf([
    passwordAuthenticator(passwords),
    ...config.authenticators.flatMap((way) => way.authenticator?.(wayDesk) ?? []),
    ...parts.authenticators,
    recoveryCodeAuthenticator(codes),
  ])
  return {
    accounts,
    arrivals,
    fresh,
    own,
    passwords,
    pictures,
    recovery,
    revocations,
    sessions,
    users,
    jwks: signed.jwks,
    refreshFailures: limit('refresh'),
    service: accountService({ accounts, sessions, credentials: rows.credentials, pictures, recovery, log }),
    questions: questions(users, limit('find'), parts.show),
    devices: new Devices({ sessions, arrivals, connections, clock }),
    passwordChange: new PasswordChange({
      accounts,
      passwords,
      rules,
      codes,
      sessions,
      arrivals,
      fresh,
      log,
    }),
    register,
    firstPassword: (password: string) => byPassword({ passwords, rules }, password),
    login,
    wayDesk,
    ways: {
      methods: [...authenticators.keys()].filter((name) => name !== 'password' && name !== 'recovery-code'),
      providers: config.authenticators.flatMap(({ providers = [] }) => providers.map(({ id, name }) => ({ id, name }))),
    },
    admissions: new Admissions({
      accessTokens: signed,
      tickets: tickets(secrets.all('auth.ticket'), config.ticketLifeMs),
      sessions,
      revocations,
      clock,
      remembered: config.rememberedTokens,
    }),
    watch: new RevocationWatch({
      accounts: rows.accounts,
      rows: rows.sessions,
      sessions,
      revocations,
      connections,
      clock,
      log,
      windowMs,
      pollMs: config.revocationPollMs,
    }),
  }
}
