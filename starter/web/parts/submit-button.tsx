import type { ComponentChildren } from 'preact'

/** The main button of a form. While it works it stays focusable, so that nobody loses their place. */
export function SubmitButton({ busy, children }: { readonly busy: boolean; readonly children: ComponentChildren }) {
  return (
    <button type="submit" class="button primary" aria-disabled={busy} data-busy={busy || undefined}>
      <span>{children}</span>
    </button>
  )
}
