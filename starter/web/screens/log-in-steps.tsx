import type { LogInStep } from '../state/log-in-step.js'
import { Factor } from './factor.js'
import { Newcomer } from './newcomer.js'

/** What a log-in asks for after the first proof. Most do not, so it comes when it is wanted. */
export function LogInSteps({ step, back }: { readonly step: LogInStep; readonly back: () => void }) {
  return step.kind === 'factor' ? <Factor step={step} back={back} /> : <Newcomer step={step} back={back} />
}
