import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Middleware } from 'koa'
import { send } from '@koa/send'
import type { Order } from './orders.js'
import type { User } from './users.js'

const escape = (text: string) => text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
const page = (name: string, body: string) =>
  `<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">
<title>Corner Shop</title>\n<link rel="icon" href="data:,">\n<link rel="stylesheet" href="/shop.css">\n</head>
<body class="${name}">\n${body}\n</body>\n</html>\n`
const brand = '<h1><span class="sign" aria-hidden="true">❧</span> Corner Shop</h1>'

export function loginPage(failed: boolean): string {
  return page(
    'door',
    `<main>${brand}
${failed ? '<p role="alert">That is not right. Try again.</p>\n' : ''}<form method="post" action="/login">
<label>Handle <input name="handle" autocomplete="username" autocapitalize="none" required></label>
<label>Password <input name="password" type="password" autocomplete="current-password" required></label>
<button class="primary">Log in</button>
</form></main>`,
  )
}

const initials = (name: string) => name.replaceAll(/(\p{L})\p{L}*\P{L}*/gu, '$1').slice(0, 2)
const personItem = ({ id, name }: User) =>
  `<li><button data-person="${id}" disabled><span class="face" aria-hidden="true">${escape(initials(name))}</span>
<span class="name">${escape(name)}</span><span class="unread" hidden></span></button></li>`
const orderItem = (user: User, { id, buyer, what, shipped }: Order) => {
  const own = '<span class="waiting">Being packed</span>'
  const open = buyer === user.id ? own : `<button data-ship="${id}" disabled>Mark as shipped</button>`
  return `<li><span>#${id} ${escape(what)}</span> ${shipped ? '<span class="shipped">Shipped</span>' : open}</li>`
}

export function homePage(user: User, others: readonly User[], orders: readonly Order[]): string {
  return page(
    'floor',
    `<header>${brand}<p>${escape(user.name)}</p>
<form method="post" action="/logout"><button>Log out</button></form></header>
<main>
<nav aria-labelledby="people"><h2 id="people">People</h2><ul>
${others.map(personItem).join('\n')}
</ul></nav>
<section class="talk" aria-labelledby="with">
<h2 id="with">Pick somebody to talk to</h2>
<p id="link" role="status"></p>
<ol id="messages" aria-live="polite" tabindex="0" aria-labelledby="with"></ol>
<form id="write" hidden>
<input name="text" aria-label="Message" placeholder="Write a message" autocomplete="off" maxlength="2000" required>
<button class="primary">Send</button>
</form>
</section>
<section class="orders" aria-labelledby="orders"><h2 id="orders">Orders</h2><ul>
${orders.map((order) => orderItem(user, order)).join('\n')}
</ul></section>
</main>
<script type="module" src="/shop.js"></script>
<script type="module" src="/chat.js"></script>`,
  )
}

const own = fileURLToPath(new URL('../public', import.meta.url))
/** The built client, as it is published: modules without dependencies, which a browser loads unbundled. */
const client = dirname(fileURLToPath(import.meta.resolve('@natter/client')))

/** The shop's files: its own from `public`, and the chat's client below `/natter`. */
export function files(): Middleware {
  return async (ctx, next) => {
    const found = /^\/(?:(shop\.css|shop\.js|chat\.js)|natter\/([\w/-]+\.js))$/.exec(ctx.path)
    if (!found || ctx.method !== 'GET') return next()
    await send(ctx, (found[1] ?? found[2])!, { root: found[1] ? own : client, format: false })
  }
}
