import { violation } from '../checks/violation.js'
import type { Violation } from '../checks/violation.js'
import { RawLine } from '../people/raw-line.js'
import type { Welcome } from '../people/raw-line.js'
import type { ServerProcess } from '../process/server-process.js'
import { Stage } from '../process/stage.js'
import type { Network } from '../record/network.js'
import type { SectionOptions } from '../run/section.js'

const day = 86_400_000
const patienceMs = 10_000

interface LoggedIn {
  readonly accessToken: string
  readonly refreshToken: string
}

/** Somebody who is logged in stays so while the clock jumps: connected, by ticket, and by refresh token. */
export async function accountsOverJumps({ store, progress }: SectionOptions): Promise<{
  readonly jumps: number
  readonly violations: readonly Violation[]
}> {
  const stage = await Stage.open({ store, durability: 'full', clock: 'driven', identity: 'accounts' })
  const { network } = stage
  const wrong: string[] = []
  const jumps = [day, -day, -day, day]
  try {
    const server = await stage.up({ last: true })
    let { accessToken, refreshToken } = await call(network, '/register', {
      handle: 'ada',
      password: 'correct horse battery',
      mode: 'token',
    })
    let losses = 0
    const { line, welcome } = await connect(network, { token: accessToken }, () => losses++)
    let when = 'at first'
    for (const ms of jumps) {
      when = `after a jump of ${ms / day} days`
      await server.ask({ ask: 'jump', ms })
      await aMinute(server, line)
      const renewed = await call(network, '/refresh', { refreshToken }).catch((error: Error) => {
        wrong.push(`${when} a refresh token does not count: ${error.message}`)
      })
      if (renewed) ({ accessToken, refreshToken } = renewed)
      const second = await connect(network, { token: accessToken }, () => undefined).catch((error: Error) => {
        wrong.push(`${when} a new access token does not count: ${error.message}`)
      })
      second?.line.close()
    }
    if (losses > 0) wrong.push(`a connection was lost ${losses} times`)
    const back = await connect(network, { ticket: welcome.ticket ?? '' }, () => undefined).catch((error: Error) => {
      wrong.push(`with the clock back in its place the first ticket does not count: ${error.message}`)
    })
    back?.line.close()
    line.close()
    progress('a session stayed alive over jumps, by connection, refresh token and ticket')
    return { jumps: jumps.length, violations: wrong.map((what) => violation('I12', what)) }
  } finally {
    await stage.close()
  }
}

/** A minute of monotonic time, in parts, so that nobody is taken for dead. */
async function aMinute(server: ServerProcess, line: RawLine): Promise<void> {
  for (let part = 0; part < 4; part++) {
    await server.ask({ ask: 'pass', ms: 15_000 })
    if (line.up) await line.ask('offline.sync', {}).catch(() => undefined)
  }
}

async function call(network: Network, path: string, body: object): Promise<LoggedIn> {
  const origin = `http://127.0.0.1:${network.port}`
  const response = await fetch(`${origin}/chat/auth${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify(body),
  })
  const answer = (await response.json()) as LoggedIn & { readonly error?: { readonly code: string } }
  if (!response.ok) throw new Error(`${response.status} ${answer.error?.code}`)
  return answer
}

function connect(
  network: Network,
  hello: { readonly token: string } | { readonly ticket: string },
  lost: () => void,
): Promise<{ readonly line: RawLine; readonly welcome: Welcome }> {
  return new Promise((resolve, reject) => {
    const line = new RawLine(network, 'ada', hello, {
      up: (welcome) => finish(() => resolve({ line, welcome })),
      down: lost,
    })
    const timer = setTimeout(() => {
      line.close()
      finish(() => reject(new Error('not let in')))
    }, patienceMs)
    const finish = (end: () => void) => {
      clearTimeout(timer)
      end()
    }
  })
}
