/** For the places where only whoever has nobody to talk with sees it. */
export const inviteField = () => import('./invite-field.js').then(({ InviteField }) => InviteField)
