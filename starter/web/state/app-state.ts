import type { AuthSession, Entered, LoggedIn } from '@natter/auth/client'
import type { LoginAnswer } from '@natter/auth/contract'
import { batch, computed, signal } from '@preact/signals'
import type { ReadonlySignal, Signal } from '@preact/signals'
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { openChatState } from './chat-state.js'
import type { ChatState } from './chat-state.js'
import type { connectChat } from './connect-chat.js'
import type { Kept } from './kept.js'
import type { LogInStep } from './log-in-step.js'
import type { Person } from './people.js'
import { hashOf } from './route.js'
import type { Route } from './route.js'
import type { Theme } from './theme.js'
import { knownWays } from './ways.js'
import type { KnownWays } from './ways.js'

/** Who I am. Remembered on this device, so that the app opens without a connection. */
export interface Account extends Person {
  readonly handle: string
}

export interface App {
  readonly url: string
  readonly session: AuthSession
  readonly route: ReadonlySignal<Route>
  readonly theme: Signal<Theme>
  readonly account: ReadonlySignal<Account | undefined>
  readonly chat: ReadonlySignal<ChatState | undefined>
  /** Recovery codes that were just made, until the person says that they kept them. */
  readonly codes: Signal<readonly string[] | undefined>
  /** Just registered: the invitation is still to be shown. */
  readonly welcome: Signal<boolean>
  /** The account was deleted just now. */
  readonly erased: ReadonlySignal<boolean>
  /** The session ended without the person asking for it. */
  readonly ended: ReadonlySignal<boolean>
  readonly ways: KnownWays
  /** What the log-in under way still asks for. */
  readonly step: Signal<LogInStep | undefined>
  /** Why a visit to a provider came to nothing: the code of an error. */
  readonly fruitless: Signal<string | undefined>
  /** An account elsewhere was just linked. */
  readonly linked: Signal<boolean>
  /** The handle that was last used here. */
  readonly lastHandle: ReadonlySignal<string | undefined>
  /** The server said who we are. */
  entered(loggedIn: LoggedIn & { readonly codes?: readonly string[] }): void
  /** The server answered a log-in: one is in, or a step is left. */
  answered(answer: Entered<LoginAnswer>): void
  changed(profile: Person): void
  logout(): Promise<void>
  /** Deletes the account for good, and all that this device has of it. */
  erase(proof: Parameters<AuthSession['eraseMe']>[0]): Promise<void>
  /** The full address of a place in the app, to be handed to others. */
  linkTo(route: Exclude<Route, { name: 'unknown' }>): string
  /** My address for others: it names me, and grants nothing. */
  readonly inviteLink: ReadonlySignal<string>
}

export interface AppOptions {
  readonly url: string
  readonly page: string
  readonly session: AuthSession
  readonly connect: typeof connectChat
  readonly kept: Kept
  readonly route: ReadonlySignal<Route>
  readonly theme: Signal<Theme>
}

const accountKey = 'natter.account'
const handleKey = 'natter.handle'

export function createApp(options: AppOptions): App {
  const { kept, session } = options
  const account = signal<Account | undefined>(undefined)
  const chat = signal<ChatState | undefined>(undefined)
  const codes = signal<readonly string[] | undefined>(undefined)
  const welcome = signal(false)
  const ended = signal(false)
  const erased = signal(false)
  /** The server ends the session before it answers. */
  let erasing = false
  const step = signal<LogInStep | undefined>(undefined)
  const fruitless = signal<string | undefined>(undefined)
  const lastHandle = signal(kept.get<string>(handleKey))

  const know = (person: Account) => {
    kept.set(accountKey, person)
    account.value = person
  }

  function open(person: Account) {
    know(person)
    const connected = options.connect({ url: options.url, user: person.id, token: session.token })
    chat.value = openChatState(connected, person.id, kept, {
      profile: changed,
      ended: () => void (erasing || leave(true)),
    })
  }

  function changed(profile: Person) {
    session.changed(profile)
    const { value } = account
    if (value?.id !== profile.id) return
    know({ id: profile.id, name: profile.name, handle: profile.handle ?? value.handle, avatar: profile.avatar })
  }

  function entered({ user, codes: fresh }: Parameters<App['entered']>[0]) {
    batch(() => {
      kept.set(handleKey, user.handle)
      lastHandle.value = user.handle
      ended.value = false
      erased.value = false
      step.value = undefined
      fruitless.value = undefined
      codes.value = fresh
      welcome.value = fresh !== undefined
      open({ id: user.id, name: user.name, handle: user.handle, avatar: user.avatar })
    })
  }

  async function leave(unasked: boolean) {
    const open = chat.value
    kept.remove(accountKey)
    batch(() => {
      chat.value = undefined
      account.value = undefined
      codes.value = undefined
      welcome.value = false
      step.value = undefined
      ended.value = unasked
    })
    await open?.stop()
    if (unasked) await session.forget()
  }

  async function wipe(open: ChatState | undefined) {
    await open?.chat.signOut({ wipe: true })
    open?.drafts.clear()
    open?.people.clear()
    open?.rooms.clear()
    await leave(false)
    location.hash = hashOf({ name: 'home' })
  }

  const remembered = kept.get<Account>(accountKey)
  if (remembered) open(remembered)
  // Another tab logged in or out: this one follows.
  addEventListener('storage', ({ key }) => {
    if (key !== accountKey && key !== null) return
    const now = kept.get<Account>(accountKey)
    if (now?.id === account.value?.id) return
    void leave(false).then(() => now && open(now))
  })

  return {
    url: options.url,
    session,
    route: options.route,
    theme: options.theme,
    account,
    chat,
    codes,
    welcome,
    ended,
    erased,
    ways: knownWays(session),
    step,
    fruitless,
    linked: signal(false),
    lastHandle,
    entered,
    answered(answer) {
      if (answer.status === 'ok') entered(answer)
      else step.value = { kind: 'factor', flow: answer.flow, methods: answer.methods }
    },
    changed,
    async logout() {
      const open = chat.value
      await session.logout()
      await wipe(open)
    },
    async erase(proof) {
      const open = chat.value
      erasing = true
      try {
        await session.eraseMe(proof)
      } finally {
        erasing = false
      }
      kept.remove(handleKey)
      lastHandle.value = undefined
      erased.value = true
      await wipe(open)
    },
    linkTo: (route) => `${options.page}${hashOf(route)}`,
    inviteLink: computed(
      () => `${options.page}#/with/${account.value ? encodeURIComponent(account.value.handle) : ''}`,
    ),
  }
}

const Context = createContext<App | undefined>(undefined)
export const AppProvider = Context.Provider

export function useApp(): App {
  const app = useContext(Context)
  if (!app) throw new Error('The component is outside of the app')
  return app
}

/** The chat of the person who is logged in: only below the screens that are shown to them. */
export function useChat(): ChatState {
  const { value } = useApp().chat
  if (!value) throw new Error('Nobody is logged in')
  return value
}
