import { useId } from 'preact/hooks'
import { useWanted } from './use-wanted.js'

/** One of several, which changes something at once. */
export function Choice<V extends string>({
  label,
  value,
  options,
  change,
}: {
  readonly label: string
  readonly value: V
  readonly options: readonly (readonly [value: V, words: string])[]
  /** `false`: it came to nothing. */
  readonly change: (value: V) => Promise<boolean>
}) {
  const id = useId()
  const [shown, choose] = useWanted(value, change)
  return (
    <div class="field choice">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={shown}
        onChange={({ currentTarget }) => {
          const chosen = options.find(([one]) => one === currentTarget.value)
          if (chosen) choose(chosen[0])
        }}
      >
        {options.map(([one, words]) => (
          <option key={one} value={one}>
            {words}
          </option>
        ))}
      </select>
    </div>
  )
}
