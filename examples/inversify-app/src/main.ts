import { Agents } from './agents.js'
import { Assignments } from './assignments.js'
import { openHelpdesk } from './open-helpdesk.js'
import { Tickets } from './tickets.js'

const { chat, container } = await openHelpdesk(process.env['DATA_DIR'] ?? 'data')

const { number, title } = container.get(Tickets).open('Printer on fire')
console.log(`Opened     #${number} ${title}`)
const ack = await container.get(Assignments).assign(number, 'ben')
const [ben] = container.get(Agents).byIds(['ben'])
if (ack.durability === 'committed' && ben) {
  const message = await chat.conversations.entry(ben.id, `${ack.conversation}/${ack.seq}`)
  console.log(`${ben.name}  reads: ${message.type === 'text' ? message.text : message.type}`)
}
await chat.stop()
console.log('Closed     the assignment is on disk; start again and it is not sent twice')
