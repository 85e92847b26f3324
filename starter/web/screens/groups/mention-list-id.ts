/** Of the list of people to be mentioned: the field names it. */
export const mentionListId = 'mention-list'
