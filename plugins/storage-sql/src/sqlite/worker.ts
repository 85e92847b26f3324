import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { Batches, isRead } from './batch.js'
import { Connection, whyUnwritable } from './connection.js'
import { faultOf } from './faults.js'
import type { Fault } from './faults.js'
import type { Answer, FromWorker, Request } from './verbs.js'
import type { WorkerOptions } from './worker-options.js'

const port = parentPort!
const options = workerData as WorkerOptions
const post = (message: FromWorker) => port.postMessage(message)

/** Tells why, and takes the connection with it: the driver lets go of its files only when the thread ends. */
function lose(fault: Fault): never {
  post({ kind: 'lost', fault })
  process.exit()
}

function connect(): Connection {
  try {
    const connection = new Connection(options)
    if (options.recover && !options.beside) connection.settle()
    return connection
  } catch (error) {
    return lose(faultOf(whyUnwritable(options.file) ?? error))
  }
}

const connection = connect()
const batches = new Batches(connection)
const queue: Request[] = []
/** The session whose transaction is open; 0 when none is. */
let session = 0

function answer(answers: readonly Answer[], committed: boolean): void {
  if (answers.length > 0) post({ kind: 'answers', answers, committed })
  const lost = answers.find(([, fault]) => fault?.scope === 'connection')
  if (lost?.[1]) lose(lost[1])
}

const fails = (request: Request, error: unknown): Answer => [request[0], faultOf(error), undefined]

/** What is no part of a transaction with others. */
const isAlone = ([, verb]: Request) => verb === 'open' || verb === 'purge' || verb === 'close'

function purge(request: Request): void {
  try {
    connection.purge()
    answer([[request[0], undefined, undefined]], false)
  } catch (error) {
    answer([fails(request, error)], false)
  }
}

function open(request: Request): void {
  try {
    connection.exec('BEGIN IMMEDIATE')
    session = request[3]
    answer([[request[0], undefined, undefined]], false)
  } catch (error) {
    answer([fails(request, error)], false)
  }
}

function end(request: Request): void {
  session = 0
  try {
    connection.exec(request[2] === true ? 'COMMIT' : 'ROLLBACK')
    answer([[request[0], undefined, undefined]], request[2] === true)
  } catch (error) {
    connection.rollback()
    answer([fails(request, error)], false)
  }
}

/** Requests of the open session, each with its answer at once; the others wait. */
function inSession(): boolean {
  const place = queue.findIndex((request) => request[3] === session)
  if (place === -1) return false
  const [request] = queue.splice(place, 1) as [Request]
  if (request[1] === 'end') {
    end(request)
    return true
  }
  try {
    answer([batches.apart(request)], false)
  } catch (error) {
    // the transaction is gone, and with it what the session did
    session = 0
    connection.rollback()
    answer([fails(request, error)], false)
  }
  return true
}

/** What queued while the last commit was under way goes into the next one, up to a cap. */
function next(): boolean {
  if (session !== 0) return inSession()
  const first = queue[0]
  if (first === undefined) return false
  if (isAlone(first)) {
    queue.shift()
    if (first[1] === 'open') open(first)
    else if (first[1] === 'purge') purge(first)
    else close(first)
    return true
  }
  if (first[3] !== 0) {
    // of a session whose transaction was lost
    queue.shift()
    answer([[first[0], { code: 'UNAVAILABLE', cause: 'the transaction was lost', scope: 'request' }, undefined]], false)
    return true
  }
  const reads: Request[] = []
  const writes: Request[] = []
  let taken = 0
  for (const request of queue) {
    if (isAlone(request) || request[3] !== 0 || (options.beside && taken === 1)) break
    if (isRead(request)) reads.push(request)
    else if (writes.length === options.batch) break
    else writes.push(request)
    taken++
  }
  queue.splice(0, taken)
  if (reads.length > 0) answer(batches.reads(reads), false)
  if (writes.length > 0) {
    const { answers, failed } = batches.writes(writes)
    answer(answers, failed === undefined)
  }
  return true
}

function close(request: Request): never {
  let failure: unknown
  try {
    connection.close()
  } catch (error) {
    failure = error
  }
  post({
    kind: 'answers',
    answers: [failure ? fails(request, failure) : [request[0], undefined, undefined]],
    committed: false,
  })
  process.exit()
}

function take(requests: readonly Request[]): void {
  for (const request of requests) queue.push(request)
}

port.on('message', (requests: readonly Request[]) => {
  take(requests)
  do {
    let more = receiveMessageOnPort(port)
    while (more !== undefined) {
      take(more.message as readonly Request[])
      more = receiveMessageOnPort(port)
    }
  } while (next())
})
post({ kind: 'ready', durable: connection.durable })
