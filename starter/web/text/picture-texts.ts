import { pictureEn } from './picture-en.js'
import type { PictureTexts } from './picture-en.js'

/** In the language in use. */
export const pictureTexts: PictureTexts = pictureEn
