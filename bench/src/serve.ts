import type { AddressInfo } from 'node:net'
import { heapAfterCollection } from './heap.js'
import type { FromServer, ServerPlan, ToServer } from './server-plan.js'
import type { Served } from './servers/served.js'

// The process of one server. It loads only what that server needs, and ends with who started it.

async function serve(plan: ServerPlan): Promise<Served> {
  switch (plan.kind) {
    case 'natter':
      return (await import('./servers/natter.js')).serveNatter(plan)
    case 'ws':
      return (await import('./servers/raw-ws.js')).serveWs()
    case 'bare-sockets':
      return (await import('./servers/bare-sockets.js')).serveBareSockets()
    case 'socket.io':
      return (await import('./servers/socket-io.js')).serveSocketIo()
    case 'plain-history':
      return (await import('./servers/plain-history.js')).servePlainHistory(plan)
  }
}

const tell = (message: FromServer) => process.send!(message)

process.once('disconnect', () => process.exit())
const { server, connections, shed = () => 0 } = await serve(JSON.parse(process.argv[2]!) as ServerPlan)
process.on('message', (question: ToServer) => {
  if (question === 'connections') tell({ kind: 'answer', value: connections() })
  else if (question === 'shed') tell({ kind: 'answer', value: shed() })
  else void heapAfterCollection().then((value) => tell({ kind: 'answer', value }))
})
server.listen(0, '127.0.0.1', 4_096, () => {
  tell({ kind: 'listening', port: (server.address() as AddressInfo).port })
})
