import type { BrowserContext } from 'playwright-core'

/** Stands between a page and its server, and refuses messages with this text as a server may. */
export async function refuseMessages(context: BrowserContext, text: string): Promise<{ stop(): void }> {
  let refusing = true
  await context.routeWebSocket('**/chat/ws', (page) => {
    const server = page.connectToServer()
    page.onMessage((frame) => {
      const [kind, request, , , body] = JSON.parse(String(frame)) as [
        string,
        number,
        unknown,
        unknown,
        { text?: string },
      ]
      if (refusing && kind === 's' && body.text === text) {
        page.send(JSON.stringify(['no', request, { code: 'FRIENDS_ONLY', message: 'Only friends may write here.' }]))
      } else {
        server.send(frame)
      }
    })
  })
  return {
    stop() {
      refusing = false
    },
  }
}

/** Holds a command back, and refuses it once it is told to. */
export async function refuseCommands(
  context: BrowserContext,
  name: string,
  error: { readonly code: string; readonly message: string },
): Promise<{ refuse(): void }> {
  const held: (() => void)[] = []
  await context.routeWebSocket('**/chat/ws', (page) => {
    const server = page.connectToServer()
    page.onMessage((frame) => {
      const [kind, request, command] = JSON.parse(String(frame)) as [string, number, string]
      if (kind !== 'q' || command !== name) server.send(frame)
      else held.push(() => page.send(JSON.stringify(['no', request, error])))
    })
  })
  return {
    refuse() {
      for (const answer of held.splice(0)) answer()
    },
  }
}
