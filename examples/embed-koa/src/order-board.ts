import type { Server } from 'node:http'
import { WebSocketServer } from 'ws'

/** The shop's own WebSocket endpoint, `/board`: a screen in the storeroom shows what has shipped. */
export class OrderBoard {
  readonly #sockets = new WebSocketServer({ noServer: true })

  constructor(server: Server) {
    server.on('upgrade', (request, socket, head) => {
      if (request.url !== '/board') return
      this.#sockets.handleUpgrade(request, socket, head, (screen) => screen.send(JSON.stringify({ board: 'open' })))
    })
  }

  show(order: number): void {
    for (const screen of this.#sockets.clients) screen.send(JSON.stringify({ shipped: order }))
  }

  close(): void {
    for (const screen of this.#sockets.clients) screen.close(1001, 'the shop closes')
  }
}
