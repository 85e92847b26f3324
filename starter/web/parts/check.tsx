import { useWanted } from './use-wanted.js'

/** A box to be ticked that changes something at once. */
export function Check({
  label,
  checked,
  change,
}: {
  readonly label: string
  readonly checked: boolean
  /** `false`: it came to nothing. */
  readonly change: (checked: boolean) => Promise<boolean>
}) {
  const [shown, choose] = useWanted(checked, change)
  return (
    <label class="check">
      <input type="checkbox" checked={shown} onChange={(event) => choose(event.currentTarget.checked)} />
      {label}
    </label>
  )
}
