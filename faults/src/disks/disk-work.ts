/** What a process with mounts of its own is ordered to do. */
export type DiskOrder<Order> = Order & {
  /** A folder for images and mount points, which goes when it ends. */
  readonly folder: string
}

/** What it tells. */
export type FromDiskWork<Result> =
  | { readonly kind: 'progress'; readonly line: string }
  /** What is missing here, in the system's words. */
  | { readonly kind: 'lacking'; readonly what: string }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'done'; readonly result: Result }
