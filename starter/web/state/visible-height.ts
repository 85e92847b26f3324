/**
 * Where a phone's keyboard covers the page instead of making it smaller, as on iOS: tells the styles how much can be seen.
 */
export function watchVisibleHeight({ visualViewport, document }: Window): void {
  visualViewport?.addEventListener('resize', () => {
    // Whoever zooms in sees less, and wants the page to stay as it is.
    if (visualViewport.scale === 1) {
      document.documentElement.style.setProperty('--visible-height', `${visualViewport.height}px`)
    }
  })
}
