// #region chat
import { createClient } from '/natter/index.js'

// The shop's own cookie says who this is, so there is no token.
const chat = createClient({ url: '/chat' })
// #endregion
const [heading, link, list, form] = ['with', 'link', 'messages', 'write'].map((id) => document.getElementById(id))
const people = document.querySelectorAll('[data-person]')
let conversation
let stop

const links = { offline: 'No connection. Trying again …', closed: 'Disconnected. Load the page again.' }
chat.status.subscribe(() => (link.textContent = links[chat.status.get().link] ?? ''))

chat.conversations.subscribe(() => {
  const unread = new Map(chat.conversations.get().map((each) => [each.peer, each.unread]))
  for (const button of people) {
    const badge = button.querySelector('.unread')
    const count = unread.get(button.dataset.person) ?? 0
    badge.textContent = `${count} new`
    badge.hidden = count === 0
  }
})

const ticks = { queued: 'sending', sent: 'sent', delivered: 'delivered', read: 'read', failed: 'not sent' }
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })

function item(message) {
  const made = document.createElement('li')
  made.className = message.own ? 'own' : message.from === 'system' ? 'notice' : 'other'
  const text = document.createElement('span')
  text.textContent = message.text ?? '(something this page cannot show)'
  const note = document.createElement('small')
  note.textContent = clock.format(message.at) + (message.own ? ` · ${ticks[message.state]}` : '')
  made.append(text, note)
  return made
}

// #region chat
function show() {
  list.replaceChildren(...conversation.messages.get().map(item))
  list.scrollTop = list.scrollHeight
  conversation.read()
}
// #endregion

for (const button of people) {
  button.addEventListener('click', async () => {
    await chat.connect()
    stop?.()
    conversation = chat.direct(button.dataset.person)
    stop = conversation.messages.subscribe(show)
    for (const each of people) each.setAttribute('aria-current', String(each === button))
    heading.textContent = button.querySelector('.name').textContent
    form.hidden = false
    form.elements.text.focus()
    show()
  })
  button.disabled = false
}

// #region chat
form.addEventListener('submit', (event) => {
  event.preventDefault()
  conversation.send({ text: form.elements.text.value })
  form.reset()
})
// #endregion
