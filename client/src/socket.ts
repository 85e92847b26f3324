import type { Platform } from './api/platform.js'

export type Frame = readonly unknown[]

export interface Socket {
  send(text: string): void
  /** Closes, and tells nothing any more. */
  close(): void
}

const subprotocol = 'natter.1'

/** Opens a socket that speaks frames. What is not a frame is skipped: a later version may send it. */
export function openSocket(
  platform: Platform,
  url: string,
  on: { open(): void; frame(frame: Frame): void; closed(code: number): void },
): Socket {
  const socket = new platform.WebSocket(url, [subprotocol])
  const detach = () => {
    socket.onopen = socket.onmessage = socket.onclose = null
    // `ws` raises an error for a socket that is closed before it was open.
    socket.onerror = () => {}
  }
  socket.onopen = () => on.open()
  socket.onmessage = ({ data }: { data: unknown }) => {
    const frame = parse(data)
    if (Array.isArray(frame)) on.frame(frame)
  }
  socket.onclose = ({ code }: { code: number }) => {
    detach()
    on.closed(code)
  }
  // The close event follows and carries the reason.
  socket.onerror = () => {}
  return {
    send: (text) => socket.send(text),
    close() {
      detach()
      socket.close(1000)
    },
  }
}

function parse(data: unknown): unknown {
  try {
    return JSON.parse(data as string)
  } catch {
    return undefined
  }
}
