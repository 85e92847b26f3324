/** What can go wrong with a form, by code, in English; beside the errors that can come on every visit. */
export const formErrorsEn = {
  AUTH_HANDLE_INVALID: 'A handle has 2 to 32 letters or digits, with . _ or - between them.',
  AUTH_HANDLE_TAKEN: 'This handle is taken, or looks too much like one that is.',
  AUTH_PASSWORD_WEAK: 'Use at least 8 characters, and not one of the common passwords.',
  AUTH_WRONG_CREDENTIALS: 'Handle or password is wrong.',
  AUTH_RECOVERY_REFUSED: 'This code does not fit the handle, or was used before.',
  AUTH_REGISTRATION_CLOSED: 'New accounts are not made here. Ask whoever runs this server.',
  AUTH_FLOW_ENDED: 'That took too long, or was tried too often. Start again.',
  AUTH_FACTOR_EXISTS: 'This is set up already, here or in another account.',
  AUTH_LAST_WAY: 'This is your only way to log in. Add another first.',
  AUTH_TOO_MANY: 'You have as many of these as there can be. Remove one first.',
  AUTH_PASSKEY_REFUSED: 'This passkey does not hold. Try again.',
  AUTH_PASSKEY_CANCELLED: 'No passkey was used. Try again, or log in another way.',
  AUTH_PASSKEYS_MISSING: 'This browser has no passkeys here. Log in another way.',
  AUTH_PROVIDER_REFUSED: 'You were not let in there. Try again, or log in another way.',
  AUTH_PROVIDER_FAILED: 'The other server cannot be reached right now. Try again later.',
  AUTH_AVATAR_REFUSED: 'A picture is a PNG, JPEG, WebP or GIF of at most 64 KiB.',
  FRIENDS_GROUP_EXISTS: 'You have a group of this name already. Choose another name.',
  FRIENDS_TOO_MANY: 'You have as many groups as there can be. Remove one first.',
  GROUPS_PICTURE_REFUSED: 'A picture is a PNG, JPEG, WebP or GIF of at most 40 KiB.',
  wrongPassword: 'This is not your current password.',
  wrongCode: 'This code is not right, or was used already.',
}

export type FormErrors = typeof formErrorsEn
