import { createRequire } from 'node:module'

interface Wire {
  readonly socket: { destroy(): void }
  writeCommand(message: { readonly command?: object }, options: object): Promise<void>
}

// the driver exports it for nobody, and it is what we guard against
const { Connection } = createRequire(import.meta.url)('mongodb/lib/cmap/connection.js') as {
  Connection: { readonly prototype: Wire }
}

/** Closes the connection of the next command that is chosen while it is encoded, so that the driver never answers it. */
export function hang(
  chosen: (command: Readonly<Record<string, unknown>>) => boolean,
  t: { teardown(run: () => void): void },
) {
  const wire = Connection.prototype
  const write = wire.writeCommand
  const [hanging, begin] = pending()
  let left = 1
  wire.writeCommand = function (message, options) {
    if (left > 0 && message.command && chosen(message.command as Record<string, unknown>)) {
      left--
      this.socket.destroy()
      begin()
    }
    return write.call(this, message, options)
  }
  t.teardown(() => void (wire.writeCommand = write))
  return { hanging }
}

function pending(): [Promise<void>, () => void] {
  let resolve!: () => void
  return [new Promise((done) => (resolve = done)), resolve]
}
