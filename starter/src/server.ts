import Koa from 'koa'

const app = new Koa()
app.use((ctx) => {
  ctx.body = 'Natter'
})

const port = Number(process.env.PORT ?? 3000)
const server = app.listen(port, () => {
  const address = server.address()
  console.log(`Natter is ready           http://localhost:${typeof address === 'object' ? address?.port : port}`)
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => server.close())
