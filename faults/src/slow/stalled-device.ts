import { once } from 'node:events'
import { WebSocket } from 'ws'

/** A device that says hello and then never reads again. */
export class StalledDevice {
  readonly #ws: WebSocket

  /**
   * Resolves when the welcome was read, which is the last thing that is. Over a Unix socket, of which the kernel holds
   * back some 200 KB; of a TCP socket on loopback it holds back 4 MB, and the server would notice late.
   */
  static async connect(socketFile: string, token: string): Promise<StalledDevice> {
    const ws = new WebSocket(`ws+unix:${socketFile}:/chat/ws`, ['natter.1'])
    ws.on('error', () => undefined)
    await once(ws, 'open')
    ws.send(JSON.stringify(['hello', { token }]))
    await once(ws, 'message')
    ws.pause()
    return new StalledDevice(ws)
  }

  private constructor(ws: WebSocket) {
    this.#ws = ws
  }

  close(): void {
    this.#ws.terminate()
  }
}
