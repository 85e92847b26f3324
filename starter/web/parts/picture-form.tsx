import { useRef, useState } from 'preact/hooks'
import { readPicture } from '../format/read-picture.js'
import { formErrorText } from '../text/form-error-text.js'
import { pictureTexts } from '../text/picture-texts.js'
import { useAnnounce } from './announcer.js'
import { Avatar } from './avatar.js'
import { FormProblem } from './form-problem.js'
import { Icon } from './icon.js'

const t = pictureTexts

/** A picture of a person or a group: chooses another, or removes it. */
export function PictureForm({
  id,
  name,
  src,
  set,
  remove,
}: {
  readonly id: string
  readonly name: string
  readonly src: string | undefined
  /** Takes a picture that is small enough. */
  readonly set: (picture: Blob) => Promise<unknown>
  readonly remove: () => Promise<unknown>
}) {
  const input = useRef<HTMLInputElement>(null)
  const [problem, setProblem] = useState<string>()
  const [busy, setBusy] = useState(false)
  const announce = useAnnounce()

  async function change(act: () => Promise<unknown>, words: string) {
    if (busy) return
    setBusy(true)
    setProblem(undefined)
    try {
      await act()
      announce(words)
    } catch (error) {
      setProblem(formErrorText(error))
    } finally {
      setBusy(false)
    }
  }
  async function choose(file: File | undefined) {
    if (!file) return
    const read = await readPicture(file)
    if (typeof read === 'string') return setProblem(t.refused[read])
    await change(() => set(read), t.saved)
  }

  return (
    <div class="picture-form">
      <Avatar id={id} name={name} src={src} size="large" />
      <div class="button-row">
        <input
          ref={input}
          type="file"
          accept="image/*"
          hidden
          onChange={(event) => {
            void choose(event.currentTarget.files?.[0])
            event.currentTarget.value = ''
          }}
        />
        <button type="button" class="button" aria-disabled={busy} onClick={() => input.current?.click()}>
          <Icon name="camera" />
          {t.choose}
        </button>
        {src && (
          <button type="button" class="button" aria-disabled={busy} onClick={() => void change(remove, t.removed)}>
            {t.remove}
          </button>
        )}
      </div>
      <FormProblem text={problem} />
    </div>
  )
}
