import type { OutputOf } from '@natter/core/contract'
import type * as contract from '../contract.js'
import type { ConversationSetting } from '../contract.js'

/** An answer of `offline.settings`. */
export type SettingsAnswer = OutputOf<(typeof contract.settings)['output']>
/** What `offline.changed` tells. */
export type SettingsNews = OutputOf<(typeof contract.changed)['payload']>

/** What I have set, as it stands. */
export interface OwnSettings {
  /** Whether all of it was read once; until then it is what was heard. */
  readonly ready: boolean
  /** I read without telling others. */
  readonly privateRead: boolean
  /** By conversation; none where nothing is set. */
  readonly settings: { readonly [conversation: string]: ConversationSetting }
}

/** Nothing is known yet. */
export const noSettings: OwnSettings = { ready: false, privateRead: false, settings: {} }

/** What a device holds of its person's settings: of two that say something, the higher version counts. */
export class HeldSettings {
  readonly #held = new Map<string, ConversationSetting>()
  #private = { version: -1, privateRead: false }
  /** Everything up to here was told. */
  #version = -1
  readonly #beyond = new Set<number>()
  #cursor: string | undefined

  /** Where to go on asking. */
  get cursor(): string | undefined {
    return this.#cursor
  }

  /** Takes what was heard. `true`: something before it was not heard, so ask. */
  hear({ version, setting, privateRead }: SettingsNews): boolean {
    if (setting) this.#hold(setting)
    if (privateRead !== undefined) this.#tellPrivate(version, privateRead)
    if (version > this.#version) this.#beyond.add(version)
    this.#advance()
    return this.#beyond.size > 0
  }

  /** Takes an answer. */
  take({ cursor, version, more, reset, settings, privateRead }: SettingsAnswer): void {
    if (reset) this.drop()
    for (const setting of settings) this.#hold(setting)
    this.#cursor = cursor
    if (more) return
    this.#tellPrivate(version, privateRead)
    this.#version = Math.max(this.#version, version)
    for (const heard of this.#beyond) if (heard <= this.#version) this.#beyond.delete(heard)
    this.#advance()
  }

  /** Holds nothing any more. */
  drop(): void {
    this.#held.clear()
    this.#beyond.clear()
    this.#private = { version: -1, privateRead: false }
    this.#version = -1
    this.#cursor = undefined
  }

  /** As an app sees it. */
  view(): OwnSettings {
    const settings: Record<string, ConversationSetting> = {}
    for (const setting of this.#held.values()) {
      if (Object.keys(setting).length > unset) settings[setting.conversation] = setting
    }
    return { ready: this.#version >= 0, privateRead: this.#private.privateRead, settings }
  }

  #hold(setting: ConversationSetting): void {
    const held = this.#held.get(setting.conversation)
    if (!held || held.version < setting.version) this.#held.set(setting.conversation, setting)
  }

  #tellPrivate(version: number, privateRead: boolean): void {
    if (version >= this.#private.version) this.#private = { version, privateRead }
  }

  #advance(): void {
    if (this.#version < 0) return
    while (this.#beyond.delete(this.#version + 1)) this.#version++
  }
}

/** A setting in which nothing is set names its conversation and its version. */
const unset = 2
