// Applied before the first paint: a module would come too late, and an inline script is not allowed here.
try {
  const theme = JSON.parse(localStorage.getItem('natter.theme'))
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Without storage the page looks like the system.
}
