/** What people read about pictures of themselves and of groups, in English. */
export const pictureEn = {
  choose: 'Choose a picture',
  remove: 'Remove it',
  refused: {
    unreadable: 'This picture could not be read. Choose a PNG, JPEG, WebP or GIF.',
    large: 'This file is too large. Choose one of at most 20 MB.',
  },
  saved: 'The picture is set.',
  removed: 'The picture is removed.',
}

export type PictureTexts = typeof pictureEn
