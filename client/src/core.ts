import type { ClientOptions } from './api/client.js'
import type { ClientApi } from './api/plugin.js'
import type { Me } from './api/status.js'
import { backoff } from './backoff.js'
import { createCredentials } from './credentials.js'
import { createEmitter } from './emitter.js'
import { isClientError, localError } from './errors.js'
import type { ClientError } from './errors.js'
import { entryOf } from './entry.js'
import { createExchange } from './exchange.js'
import { randomId } from './ids.js'
import { createKept } from './kept.js'
import { createMarks } from './marks.js'
import { createOutbox } from './outbox.js'
import { platformOf } from './platform.js'
import { createCell, createNotifier } from './readable.js'
import { createRequests } from './requests.js'
import { createSession } from './session.js'
import type { Frame } from './socket.js'
import { memory } from './stores/memory.js'
import { createSync } from './sync.js'
import { countUpTo, forget } from './thread.js'
import type { Thread } from './thread.js'
import { createThreads } from './threads.js'
import type { EntryTuple, MarkedEvent, Welcome } from './wire.js'

const userKey = 'meta/user'
const deviceKey = 'meta/device'

/** The parts of a client, wired. */
export function createCore(options: ClientOptions) {
  const platform = platformOf(options.platform)
  const url = (options.url[0] === '/' ? location.origin : '') + options.url.replace(/\/+$/, '')
  // An app's own error surfaces where the runtime reports what nobody caught, and disturbs nothing here.
  const guard = (run: () => void) => {
    try {
      run()
    } catch (error) {
      platform.setTimeout(() => {
        throw error
      }, 0)
    }
  }
  const notify = createNotifier(guard)
  const emitter = createEmitter(guard)
  const me = createCell<Me | undefined>(notify, options.user === undefined ? undefined : { id: options.user })
  const myId = () => me.get()?.id ?? ''
  let device = options.device
  let welcomed: Welcome | undefined
  let waiting: { readonly resolve: (me: Me) => void; readonly reject: (error: ClientError) => void }[] = []
  let booted: Promise<void> | undefined
  let closing = false

  const problem = (error: unknown) => {
    if (session.status.get().link !== 'closed') emitter.emit('problem', error)
  }
  const store = createKept(options.store ?? memory(), problem)
  const credentials = createCredentials(options.token, platform.now)
  const exchange = createExchange((text) => session.send(text))
  const requests = createRequests(platform, exchange)
  const threads = createThreads(
    notify,
    () => me.get()?.id,
    (conversation) => outbox.of(conversation),
    (thread) => sync.open(thread),
  )
  const marks = createMarks(platform, threads, myId, ask, problem)
  const sync = createSync(platform, threads, marks, myId, options.catchUp ?? 500, {
    ask,
    askOnce: (name, input) => requests.ask(name, input, { idempotent: true }),
    emit: emitter.emit,
    problem,
    known: () => welcomed && outbox.up(welcomed),
    found: (entry) => outbox.found(entry),
    settled: () => show('online'),
  })
  const outbox = createOutbox(platform, notify, store, exchange, threads, myId, (kept, sent) => {
    const { id: clientId, body, peer } = kept
    const { conversation, at } = sent
    const seq = sent.durability === 'committed' ? sent.seq : 0
    const { connection } = sync.standing
    const thread = threads.of(conversation)
    thread.peer ??= peer
    sync.log.came(thread, {
      conversation,
      seq,
      n: undefined,
      from: myId(),
      at,
      clientId,
      body,
      changed: undefined,
      connection,
    })
  })
  const session = createSession(platform, notify, url, credentials, about, {
    up,
    down() {
      welcomed = undefined
      requests.down()
      outbox.down()
      sync.down()
      exchange.lost()
    },
    frame,
    awake: sync.again,
    stopping(error) {
      if (error.code === 'CLIENT_PROTOCOL') outbox.blame(error)
    },
    stopped(error) {
      booted = undefined
      marks.stop()
      requests.stop(error)
      sync.stop(error)
      outbox.stop(error)
      for (const { reject } of waiting.splice(0)) reject(error)
    },
  })

  async function ask(name: string, input: object): Promise<unknown> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await requests.ask(name, input, { idempotent: true, timeoutMs: 0 })
      } catch (error) {
        if (!isClientError(error) || !error.retryable) throw error
        const ms = Math.max(error.retryAfterMs ?? 0, backoff(attempt, platform.random))
        await new Promise<void>((resolve) => platform.setTimeout(resolve, ms))
      }
    }
  }

  function about() {
    return { ...(device !== undefined && { device }), ...(options.client !== undefined && { client: options.client }) }
  }

  function show(link: 'online' | 'resyncing') {
    if (session.status.get().link !== link) session.status.set({ link })
  }

  function up(welcome: Welcome): ClientError | undefined {
    const { user: id, device, session } = welcome
    if (me.get() && me.get()?.id !== id) {
      return localError('CLIENT_OTHER_USER', `Connected as ${id}, but what is kept here is ${myId()}'s.`)
    }
    void store.set(userKey, id)
    me.set({ id, device, session })
    welcomed = welcome
    show('resyncing')
    requests.up(welcome)
    sync.up(!('offline' in welcome.plugins))
    for (const { resolve } of waiting.splice(0)) resolve(me.get()!)
    return undefined
  }

  const take = (conversation: string, ...tuple: EntryTuple) =>
    sync.log.came(threads.of(conversation), entryOf(conversation, tuple, sync.standing.connection))

  function frame([kind, ...parts]: Frame) {
    switch (kind) {
      case 'a':
      case 'r':
      case 'ok':
      case 'no':
        return exchange.answered([kind, ...parts])
      case 'm':
        return take(...(parts as [string, ...EntryTuple]))
      case 'h':
        return sync.log.hinted(threads.of(parts[0] as string), parts[1] as number)
      case 'e':
        if (parts[0] === 'offline.marked') marks.told(parts[1] as MarkedEvent)
        return emitter.emit(parts[0] as string, parts[1])
    }
  }

  const calls = {
    send(thread: Thread, body: object, id = randomId(platform.randomBytes)) {
      const { peer } = thread
      const kept = {
        id,
        conversation: thread.id,
        body: JSON.parse(JSON.stringify(body)),
        ...(peer !== undefined && { peer }),
      }
      return outbox.add(kept).progress.sending
    },
    loadOlder: sync.loadOlder,
    history: sync.history,
    read(thread: Thread, upTo = thread.have ?? 0) {
      const seq = Math.min(upTo, thread.have ?? 0)
      const { me, readN } = thread
      thread.readN = Math.max(readN, countUpTo(thread, seq) ?? 0)
      marks.raise(thread, seq, seq)
      // Who reads in a subscription would otherwise be called for ever.
      if (thread.me !== me || thread.readN !== readN) threads.touch(thread)
    },
  }

  async function boot() {
    const [user, own] = await Promise.all([store.get(userKey), store.get(deviceKey)])
    if (!me.get() && typeof user === 'string') me.set({ id: user })
    device ??= typeof own === 'string' ? own : randomId(platform.randomBytes)
    await store.set(deviceKey, device)
    await outbox.start()
  }

  const api: ClientApi = {
    url,
    me,
    status: session.status,
    call: requests.ask,
    ask,
    on: emitter.on,
    take,
    again: sync.again,
    cell: (value) => createCell(notify, value),
  }

  return {
    api,
    emitter,
    requests,
    threads,
    outbox,
    calls,
    connect() {
      return new Promise<Me>((resolve, reject) => {
        const now = me.get()
        if (welcomed && now) return resolve(now)
        waiting.push({ resolve, reject })
        closing = false
        requests.start()
        booted ??= boot()
        void booted.then(() => closing || session.start())
      })
    },
    async close() {
      closing = true
      session.stop(localError('CLIENT_CLOSED', 'The client was closed.'))
      await outbox.idle()
      store.close()
    },
    async forget(wipe: boolean) {
      credentials.forget()
      if (!wipe) return
      await store.clear()
      outbox.clear()
      for (const thread of threads.all()) {
        forget(thread, -1)
        threads.touch(thread)
      }
      me.set(undefined)
    },
  }
}
