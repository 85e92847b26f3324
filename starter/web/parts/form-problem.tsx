import { Icon } from './icon.js'

/** What went wrong with a whole form; read out when it appears. */
export function FormProblem({ text }: { readonly text: string | undefined }) {
  return (
    <div role="alert" class="form-problem-place">
      {text && (
        <p class="form-problem">
          <Icon name="alert" />
          {text}
        </p>
      )}
    </div>
  )
}
