import { createClient } from '/natter/index.js'

// The shop's own cookie says who this is, so there is no token.
const chat = createClient({ url: '/chat' })
const [heading, link, list, form] = ['with', 'link', 'messages', 'write'].map((id) => document.getElementById(id))
let conversation
let stop

const links = { offline: 'No connection. Trying again …', closed: 'Disconnected.' }
const showLink = () => {
  link.textContent = links[chat.status.get().link] ?? ''
}
chat.status.subscribe(showLink)

const ticks = { queued: '…', sent: '✓', delivered: '✓✓', read: '✓✓ read', failed: 'not sent' }
function show() {
  list.replaceChildren(
    ...conversation.messages.get().map((message) => {
      const item = document.createElement('li')
      item.className = message.own ? 'own' : 'other'
      item.textContent = message.text ?? '(something this page cannot show)'
      if (message.own) {
        const tick = document.createElement('small')
        tick.textContent = ` ${ticks[message.state]}`
        item.append(tick)
      }
      return item
    }),
  )
  conversation.read()
}

for (const button of document.querySelectorAll('[data-person]')) {
  button.addEventListener('click', async () => {
    await chat.connect()
    stop?.()
    conversation = chat.direct(button.dataset.person)
    stop = conversation.messages.subscribe(show)
    heading.textContent = button.textContent
    form.hidden = false
    form.elements.text.focus()
    show()
  })
}

form.addEventListener('submit', (event) => {
  event.preventDefault()
  conversation.send({ text: form.elements.text.value })
  form.reset()
})
