import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Middleware } from 'koa'
import { send } from '@koa/send'
import type { User } from './users.js'

const escape = (text: string) => text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
const page = (title: string, body: string) =>
  `<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">
<title>${escape(title)}</title>\n<link rel="stylesheet" href="/shop.css">\n</head>\n<body>\n${body}\n</body>\n</html>\n`

export function loginPage(failed: boolean): string {
  return page(
    'Corner Shop',
    `<main><h1>Corner Shop</h1>
${failed ? '<p role="alert">That is not right. Try again.</p>\n' : ''}<form method="post" action="/login">
<label>Handle <input name="handle" autocomplete="username" required></label>
<label>Password <input name="password" type="password" autocomplete="current-password" required></label>
<button>Log in</button>
</form></main>`,
  )
}

export function homePage(user: User, others: readonly User[]): string {
  const list = others.map(({ id, name }) => `<li><button data-person="${id}">${escape(name)}</button></li>`).join('\n')
  return page(
    'Corner Shop',
    `<header><h1>Corner Shop</h1><p>Hello, ${escape(user.name)}.</p>
<form method="post" action="/logout"><button>Log out</button></form></header>
<main>
<nav aria-label="People"><ul>
${list}
</ul></nav>
<section aria-labelledby="with">
<h2 id="with">Pick somebody to talk to.</h2>
<p id="link" role="status"></p>
<ol id="messages" aria-live="polite"></ol>
<form id="write" hidden>
<input name="text" aria-label="Message" autocomplete="off" maxlength="2000" required>
<button>Send</button>
</form>
</section>
</main>
<script type="module" src="/shop.js"></script>`,
  )
}

const own = fileURLToPath(new URL('../public', import.meta.url))
/** The built client, as it is published: modules without dependencies, which a browser loads unbundled. */
const client = dirname(fileURLToPath(import.meta.resolve('@natter/client')))

/** The shop's files: its own from `public`, and the chat's client below `/natter`. */
export function files(): Middleware {
  return async (ctx, next) => {
    const found = /^\/(?:(shop\.(?:js|css))|natter\/([\w/-]+\.js))$/.exec(ctx.path)
    if (!found || ctx.method !== 'GET') return next()
    await send(ctx, (found[1] ?? found[2])!, { root: found[1] ? own : client, format: false })
  }
}
