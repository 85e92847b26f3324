import type { RowFor } from '@natter/core/contract'
import type { ConversationSetting, settingModel } from './settings-contract.js'

export type SettingRow = RowFor<typeof settingModel>
/** New values; `undefined` takes one away. */
export type SettingChange = {
  readonly [K in Exclude<keyof SettingRow, 'user' | 'conversation' | 'version'>]?: SettingRow[K] | undefined
}

/** The end of time, as stores have it: muted for good. */
export const forGood = 8_640_000_000_000_000
const shown = ['muted', 'pinned', 'archived', 'hidden', 'unread', 'draft'] as const
const places = ['hiddenN', 'read', 'readN', 'received'] as const
export const columns = [...shown, ...places] as const

/** Something is set that the person sees. */
export const isSet = (row: SettingRow): boolean => shown.some((name) => row[name] !== undefined)
/** It says where the person is, beside the log. */
export const isPlace = (row: SettingRow): boolean => places.some((name) => row[name] !== undefined)

/** The row after a change; nothing where it changes nothing. */
export function changedRow(row: SettingRow, change: SettingChange): SettingRow | undefined {
  if (Object.entries(change).every(([name, value]) => row[name as keyof SettingRow] === value)) return undefined
  const next = { ...row, ...change }
  return Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined)) as SettingRow
}

/** What the person is told of it. */
export function settingOf(row: SettingRow): ConversationSetting {
  const { conversation, version, muted } = row
  const own = Object.fromEntries(shown.flatMap((name) => (row[name] === undefined ? [] : [[name, row[name]]])))
  return { conversation, version, ...own, ...(muted === forGood ? { muted: true } : {}) }
}
