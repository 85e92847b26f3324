import { openKitchen } from './open-kitchen.js'
import { Reminders } from './reminders.js'

const { DATA_DIR = 'data', HOUR = '12' } = process.env
const now = () => new Date(Date.UTC(2026, 2, 1, Number(HOUR)))
const { chat, container } = await openKitchen(DATA_DIR, now)

console.log(`It is      ${HOUR} o'clock`)
try {
  const ack = await container.resolve(Reminders).remind('dan', '17')
  const message = await chat.conversations.entry('dan', `${ack.conversation}/1`)
  console.log(`Dan        reads: ${message.type === 'text' ? message.text : message.type}`)
} catch (error) {
  console.log(`Refused    ${(error as Error).message}`)
}
await chat.stop()
