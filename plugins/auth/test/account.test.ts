import test from 'ava'
import { password, serve } from './serve.js'

test('who registers is logged in, with tokens and ten recovery codes', async (t) => {
  const { call, connect } = await serve(t)
  const { status, body } = await call('POST', '/register', { handle: 'Alice', password, mode: 'token' })
  t.is(status, 201)
  t.is(body['user'].handle, 'Alice')
  t.is(body['user'].name, 'Alice')
  t.is(body['codes'].length, 10)
  t.is(new Set(body['codes']).size, 10)
  const device = await connect({ token: body['accessToken'] })
  t.like(await device.request('auth.me'), { id: body['user'].id, handle: 'Alice', recoveryCodes: 10 })
})
