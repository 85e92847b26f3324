import { field, model } from '@natter/core/contract'

/** A message that waits for the end of the host's transaction in which its row was written. */
export const intentModel = model('intent', {
  fields: {
    /** Ascends with the order of writing. */
    id: field.id(),
    at: field.time(),
    conversation: field.id(),
    sender: field.id(),
    peer: field.id({ optional: true }),
    clientId: field.id(),
    body: field.text(),
    digest: field.text({ max: 256 }),
  },
  key: ['id'],
})
