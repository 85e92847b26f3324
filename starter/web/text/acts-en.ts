import { count } from './count-en.js'

/** What people read about what is done to messages, in English. */
export const actsEn = {
  menu: {
    open: 'What to do with this message',
    label: (name: string) => `Message of ${name}`,
    ownLabel: 'Your message',
    quick: 'React',
    more: 'More emoji',
    reply: 'Reply',
    thread: 'Answer in a thread',
    copy: 'Copy the text',
    edit: 'Edit',
    forward: 'Forward',
    pin: 'Pin',
    unpin: 'Unpin',
    closePoll: 'End the poll',
    details: 'What became of it',
    remove: 'Delete for me',
    deleteForAll: 'Delete for everyone',
  },

  done: {
    copied: 'The text is copied.',
    edited: 'Your message is changed.',
    pinned: 'The message is pinned.',
    unpinned: 'The message is no longer pinned.',
    removed: 'The message is gone for you.',
    deleted: 'The message is deleted for everyone.',
    closed: 'The poll is ended.',
    forwarded: (n: number) => `The message is forwarded to ${count(n, 'conversation', 'conversations')}.`,
  },

  dismiss: 'Close this notice',

  deleting: {
    removeTitle: 'Delete this message for you?',
    removeLead: 'It goes from all of your devices. Others keep it.',
    allTitle: 'Delete this message for everyone?',
    allLead: 'What it says is gone, here and for all others. That it was there stays visible.',
  },

  message: {
    deletedOwn: 'You deleted this message.',
    deletedBy: (name: string) => `${name} deleted this message.`,
    erased: 'This message went with the account it was from.',
    edited: 'edited',
    editedAt: (when: string) => `Edited ${when}`,
    pinned: 'pinned',
    forwarded: 'Forwarded',
    forwardedFrom: (name: string) => `Forwarded from ${name}`,
    inReply: 'In reply to',
    gone: 'Deleted message',
    absent: 'An earlier message',
    inThread: 'In a thread',
    answers: (n: number) => count(n, 'answer', 'answers'),
    reactions: 'Reactions',
    reaction: (emoji: string, names: readonly string[], more: number) =>
      `${emoji} ${[...names, ...(more > 0 ? [`${more} more`] : [])].join(', ')}`,
    timer: (name: string, time: string) => `${name} set messages to disappear ${time} after they are sent`,
    timerOff: (name: string) => `${name} set messages to stay`,
    disappears: (when: string) => `Disappears ${when}`,
    notThere: 'This message is not there for you any more.',
    tooFar: 'This message is too far back to be shown among the newer ones.',
  },

  composer: {
    replying: (name: string) => `Reply to ${name}`,
    replyingOwn: 'Reply to yourself',
    endReply: 'Do not reply',
    editing: 'Change your message',
    endEdit: 'Leave it as it was',
    save: 'Save the change',
    poll: 'Ask in a poll',
  },

  pinned: {
    label: 'Pinned messages',
    one: 'Pinned message',
    of: (at: number, all: number) => `Pinned message ${at} of ${all}`,
  },

  thread: {
    title: 'Thread',
    label: 'Answers in a thread',
    close: 'Close the thread',
    older: 'Show older answers',
    none: 'No answers yet.',
    composer: 'Answer in this thread',
  },

  forward: {
    title: 'Forward this message',
    lead: 'A copy of the text goes to each of them, as a message of yours.',
    to: 'To whom',
    named: 'Say who wrote it',
    send: 'Forward',
    nobody: 'Choose at least one conversation.',
    tooMany: (most: number) => `Choose at most ${most} conversations at a time.`,
    refused: (name: string, why: string) => `Not forwarded to ${name}. ${why}`,
  },

  poll: {
    title: 'Ask in a poll',
    question: 'Question',
    questionMissing: 'Write a question.',
    option: (n: number) => `Answer ${n}`,
    optionsMissing: 'Write at least two different answers.',
    add: 'Add an answer',
    multi: 'One may choose several',
    anonymous: 'Nobody sees who chose what',
    send: 'Send the poll',
    single: 'Choose one',
    several: 'Choose one or more',
    secret: 'anonymous',
    closed: 'This poll has ended.',
    votes: (n: number) => count(n, 'vote', 'votes'),
    people: (n: number) => count(n, 'person voted', 'people voted'),
  },

  /** Beside what goes for all: what went wrong, by code. */
  errors: {
    NATTER_NOT_FOUND: 'This message is not there for you any more.',
    NATTER_TIMEOUT: 'The server took too long. Look whether it is done, and try again.',
    ACTIONS_CLOSED: 'This poll has ended. Votes no longer count.',
    ACTIONS_DELETED: 'This message was deleted in the meantime.',
    copy: 'The text could not be copied. Select it and copy it by hand.',
  },
}

export type ActsTexts = typeof actsEn
