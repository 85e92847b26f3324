/** Natter's sign: an n that is a speech bubble. */
export function Mark() {
  return (
    <svg class="mark" viewBox="6 7 36 39" aria-hidden="true">
      <path d="M10 23a14 14 0 0 1 28 0v12a4 4 0 0 1-4 4h-3a4 4 0 0 1-4-4V23a3 3 0 0 0-6 0v11c0 5.6-4.6 9.4-12.2 9.9-1.2.1-1.7-1.3-.8-2C9.6 40 10 37.5 10 35z" />
    </svg>
  )
}
