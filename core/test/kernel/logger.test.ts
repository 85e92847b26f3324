import { Writable } from 'node:stream'
import test from 'ava'
import { pino } from 'pino'
import { defineErrors } from '@natter/core/contract'
import { createLogger } from '#src/kernel/create-logger.js'
import type { HostLogger, LoggerOptions } from '#src/kernel/create-logger.js'

/** A logger of pino, and what it wrote. */
function written(options: LoggerOptions = {}) {
  let text = ''
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString()
      done()
    },
  })
  const log = createLogger({ level: 'debug', ...options, destination })
  return {
    log,
    text: () => text,
    lines: () =>
      text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  }
}

const secretNames = [
  'password',
  'newPassword',
  'currentPassword',
  'passphrase',
  'token',
  'accessToken',
  'refresh_token',
  'ticket',
  'refresh',
  'Authorization',
  'cookie',
  'set-cookie',
  'Set-Cookie',
  'secret',
  'clientSecret',
  'secrets',
  'codes',
  'recoveryCodes',
  'credentials',
  'privateKey',
  'api_key',
  'digest',
  'body',
  'text',
  'draft',
]

for (const name of secretNames) {
  test(`"${name}" is hidden at any depth, in lists, maps and errors`, (t) => {
    const { log, text } = written()
    const canary = 'canary-4711'
    log.info({ [name]: canary }, 'top')
    log.info({ [name]: { inner: canary } }, 'as an object')
    log.info({ a: { b: { c: [{ [name]: canary }] } } }, 'deep')
    log.info({ a: new Map([[name, canary]]), b: new Set([{ [name]: canary }]) }, 'in collections')
    log.error(Object.assign(new Error('failed'), { [name]: canary }), 'on an error')
    log.error({
      err: new Error('outer', { cause: Object.assign(new Error('inner'), { details: { [name]: canary } }) }),
    })
    log.child({ [name]: canary }).info('in a binding')
    t.is(text().split('\n').filter(Boolean).length, 7)
    t.notRegex(text(), /canary/)
    t.regex(text(), /\[hidden\]/)
  })
}

test('of a message only its envelope is written, whatever its fields are called', (t) => {
  const { log, lines } = written()
  const message = { id: 'c/1', conversation: 'c', seq: 1, from: 'alice', clientId: 'x', at: 5, type: 'poll' }
  log.info({ message: { ...message, question: 'canary', options: ['canary'] } }, 'a poll')
  t.deepEqual(lines()[0]?.message, { ...message, question: '[hidden]', options: '[hidden]' })
})

test('passwords in URLs are hidden, also in the text of errors', (t) => {
  const { log, text } = written()
  log.error({ err: new Error('no answer from postgres://root:canary@db:5432/chat'), url: 'amqp://u:canary@mq' })
  log.info('connected to redis://:canary@cache')
  log.info({ n: 1 }, 'connected to redis://:canary@cache')
  t.is(text().match(/redis:\/\/\[hidden\]@cache/g)?.length, 2)
  t.notRegex(text(), /canary/)
  t.regex(text(), /postgres:\/\/\[hidden\]@db:5432\/chat/)
})

test('what is no secret is written as it is', (t) => {
  const { log, lines } = written()
  log.info({ code: 'DOOR_LOCKED', user: 'alice', n: 5, on: true, none: null, list: [1, 'a'], at: new Date(0) }, 'hello')
  t.like(lines()[0], {
    code: 'DOOR_LOCKED',
    user: 'alice',
    n: 5,
    on: true,
    none: null,
    list: [1, 'a'],
    at: '1970-01-01T00:00:00.000Z',
    msg: 'hello',
  })
})

test('an error is written with its type, text, stack, code, cause and members', (t) => {
  const { log, lines } = written()
  const Errors = defineErrors('DOOR', { LOCKED: { status: 423, message: 'The door is locked.' } })
  log.error({ err: Errors.LOCKED({ cause: new Error('inner'), details: { door: 1 } }) })
  t.like(lines()[0]?.err, {
    code: 'DOOR_LOCKED',
    message: 'The door is locked.',
    details: { door: 1 },
    cause: { message: 'inner' },
  })
  log.error(new AggregateError([new Error('one'), new Error('two')], 'both'))
  t.like(lines()[1]?.err, { message: 'both', errors: [{ message: 'one' }, { message: 'two' }] })
  t.like(lines()[1]?.err, { name: 'AggregateError' })
  t.regex(JSON.stringify(lines()[1]?.err), /"stack":"AggregateError: both/)
})

test('bytes are counted and not written; circles, depth and length end', (t) => {
  const { log, lines } = written()
  const circle: Record<string, unknown> = {}
  circle.self = circle
  let deep: unknown = 'bottom'
  for (let i = 0; i < 20; i++) deep = { deep }
  log.info({ key: Buffer.from('canary'), circle, deep, long: Array.from({ length: 150 }, (_, i) => i), run: () => 1 })
  const [line] = lines()
  t.is(line?.key, '[6 bytes]')
  t.deepEqual(line?.circle, { self: '[circular]' })
  t.regex(JSON.stringify(line?.deep), /"\[deeper\]"/)
  t.deepEqual(line?.long, [...Array.from({ length: 100 }, (_, i) => i), '[150 in all]'])
  t.is(line?.run, '[function run]')
})

test('children name their plugin, and inherit', (t) => {
  const { log, lines } = written()
  log.child({ plugin: 'poll' }).child({ user: 'alice' }).warn('careful')
  t.like(lines()[0], { plugin: 'poll', user: 'alice', msg: 'careful', level: 40 })
})

test('nothing that is logged begins a line of its own', (t) => {
  const { log, text, lines } = written()
  const forged = 'x\n{"level":30,"msg":"somebody logged in","user":"mallory"}\r\n\u2028\u001b[2J%s %o %d'
  log.child({ plugin: forged }).info({ name: forged, list: [forged], err: new Error(forged) }, forged)
  t.is(text().split('\n').length, 2)
  const [line = ''] = text().split('\n')
  for (const control of ['\r', '\u001b']) t.false(line.includes(control))
  t.is(lines().length, 1)
  t.like(lines()[0], { plugin: forged, name: forged, msg: forged })
})

test('lines below the level are not written, and their details are not even read', (t) => {
  const { log, text } = written({ level: 'warn' })
  const unread = {
    get field(): never {
      throw new Error('read')
    },
  }
  t.notThrows(() => log.debug(unread, 'no'))
  log.info('no')
  t.is(text(), '')
  log.error('yes')
  t.regex(text(), /yes/)
})

test('a host’s own pino is used, with its bindings and its level, and is redacted all the same', (t) => {
  let text = ''
  const stream = { write: (line: string) => void (text += line) }
  const host = pino({ level: 'info', base: { app: 'shop' } }, stream)
  const log = createLogger({ logger: host satisfies HostLogger })
  log.child({ plugin: 'poll' }).info({ password: 'canary' }, 'hello')
  log.debug('no')
  t.like(JSON.parse(text), { app: 'shop', plugin: 'poll', password: '[hidden]', msg: 'hello' })
})
