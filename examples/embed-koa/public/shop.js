for (const button of document.querySelectorAll('[data-ship]')) {
  button.addEventListener('click', async () => {
    button.disabled = true
    const response = await fetch(`/api/orders/${button.dataset.ship}/ship`, { method: 'POST' })
    button.disabled = false
    if (!response.ok) return
    const shipped = document.createElement('span')
    shipped.className = 'shipped'
    shipped.textContent = 'Shipped'
    button.replaceWith(shipped)
  })
  button.disabled = false
}
