/** What a log-in still asks for. */
export type LogInStep =
  /** A second proof. */
  | { readonly kind: 'factor'; readonly flow: string; readonly methods: readonly string[] }
  /** Somebody came from a provider and has no account here: a handle. */
  | { readonly kind: 'newcomer'; readonly provider: string; readonly handle: string; readonly name: string | undefined }
