// Makes the checkout ready and becomes the server: one process from the beginning, so a signal always reaches it.
import './bootstrap.mjs'
import { fileURLToPath } from 'node:url'

const server = new URL('../starter/dist/server.js', import.meta.url)
process.argv[1] = fileURLToPath(server)
await import(server.href)
