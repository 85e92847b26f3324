/** What belongs to the person who is logged in, and may come a moment later. */
export { happeningWords } from '../format/happening.js'
export { followMentions } from './mentions.js'
export { followPreviews } from './previews.js'
export { tellActive } from './tell-active.js'
export { shareDrafts } from './share-drafts.js'
