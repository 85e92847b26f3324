import { texts } from '../text/texts.js'
import { accountTexts } from '../text/account-texts.js'
import { useAnnounce } from './announcer.js'
import { Icon } from './icon.js'
import { saveFile } from './save-file.js'
import { useFlash } from './use-flash.js'

const t = accountTexts.codes

/** Recovery codes, to be copied, kept as a file, or written down. */
export function CodeList({ codes, handle }: { readonly codes: readonly string[]; readonly handle: string }) {
  const announce = useAnnounce()
  const [done, flash] = useFlash()
  const text = `${t.fileHead(handle, location.host)}\n\n${codes.join('\n')}\n`

  async function copy() {
    try {
      await navigator.clipboard.writeText(text)
      flash()
      announce(t.copied)
    } catch {
      // The browser refuses: the codes can still be selected, and the file is there.
      save()
    }
  }
  const save = () => saveFile(t.file(handle), text, 'text/plain')

  return (
    <>
      <ol class="codes" aria-label={t.listLabel}>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <div class="button-row">
        <button type="button" class="button" onClick={() => void copy()}>
          <Icon name={done ? 'check' : 'copy'} />
          {done ? texts.copied : texts.copy}
        </button>
        <button type="button" class="button" onClick={save}>
          <Icon name="download" />
          {texts.download}
        </button>
      </div>
    </>
  )
}
