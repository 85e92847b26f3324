/** What is wanted once somebody does something with a message. */
export { ConfirmDialog } from '../../parts/confirm-dialog.js'
export { MessageDetails } from '../message-details.js'
export { ForwardDialog } from './forward-dialog.js'
export { MessageMenu } from './message-menu.js'
export { NewPoll } from './new-poll.js'
export { SendLater } from './send-later.js'
export { ThreadPanel } from './thread-panel.js'
export { WaitingBar, WaitingMessages } from './waiting-messages.js'
