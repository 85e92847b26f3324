import { codeOf } from '../text/error-text.js'
import { ProofDialog } from './proof-dialog.js'
import { useOpened } from './use-opened.js'

/** That it is really me: needed for what changes a way to log in, when the log-in was a while ago. */
export interface Proof {
  readonly password?: string
  readonly code?: string
}
type Act = (proof: Proof) => Promise<void>

/** Runs something, and asks for the password only where the server wants a fresh proof. */
export function useProof() {
  const { opened, open, close } = useOpened<{ readonly act: Act; readonly over: () => void }>()

  async function withProof(act: Act): Promise<void> {
    try {
      await act({})
    } catch (error) {
      if (codeOf(error) !== 'AUTH_PROOF_NEEDED') throw error
      // Whoever closes the dialog has changed their mind; that is no error.
      await new Promise<void>((over) => open({ act, over }))
    }
  }
  const end = () => {
    close()
    opened?.what.over()
  }
  return { withProof, dialog: opened && <ProofDialog key={opened} act={opened.what.act} close={end} /> }
}
