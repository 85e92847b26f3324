import { allRows, newId } from '@natter/core'
import type { Clock } from '@natter/core'
import type { Records } from '@natter/core/contract'
import { readPicture } from '@natter/core/picture'
import type { Picture } from '@natter/core/picture'
import { GroupsErrors, pictureBytes } from './contract.js'
import type { pictureRow } from './contract.js'

/** What nobody set after so long was left behind by a server that died in between, ms. */
const leftMs = 3_600_000

/** Reads the picture of a group from base64. @throws GROUPS_PICTURE_REFUSED */
export async function readGroupPicture(base64: string): Promise<Picture> {
  const picture = await readPicture(base64, pictureBytes)
  if ('refused' in picture) throw GroupsErrors.PICTURE_REFUSED({ message: picture.refused })
  return picture
}

/**
 * The pictures of groups. Which one counts is said by the group's log, in `settings.avatar`: a picture is kept before it is
 * said, and removed after another one was. Ids come never again, so that who removes an old one takes no new one.
 */
export class Pictures {
  readonly #rows: Records<typeof pictureRow>
  readonly #clock: Clock

  constructor(rows: Records<typeof pictureRow>, clock: Clock) {
    this.#rows = rows
    this.#clock = clock
  }

  async find(group: string, picture: string): Promise<Omit<Picture, 'hash'> | undefined> {
    const row = await this.#rows.get({ group, picture })
    return row && { type: row.type, bytes: Buffer.from(row.data, 'base64') }
  }

  /** Whether it is the one under this address. */
  async same(group: string, avatar: string, { hash }: Picture): Promise<boolean> {
    const picture = pictureIn(group, avatar)
    return picture !== undefined && (await this.#rows.get({ group, picture }))?.hash === hash
  }

  /** @returns Its address */
  async keep(group: string, { hash, type, bytes }: Picture): Promise<string> {
    const picture = newId()
    await this.#rows.insert({ group, picture, hash, type, data: bytes.toString('base64'), at: this.#clock.now() })
    return `${addressOf(group)}${picture}`
  }

  /** Removes the one that another took the place of, and what was left behind. */
  async tidy(group: string, now: string, before: string): Promise<void> {
    const [current, replaced] = [pictureIn(group, now), pictureIn(group, before)]
    for await (const { picture, at } of allRows(this.#rows, { group })) {
      if (picture === current) continue
      if (picture === replaced || at <= this.#clock.now() - leftMs) await this.#rows.take({ group, picture })
    }
  }

  /** The group is no more. */
  async clear(group: string): Promise<void> {
    await this.#rows.remove({ group })
  }
}

const addressOf = (group: string) => `groups/picture/${group}/`
const pictureIn = (group: string, avatar: string) =>
  avatar.startsWith(addressOf(group)) ? avatar.slice(addressOf(group).length) : undefined
