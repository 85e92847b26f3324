import { setImmediate as turn } from 'node:timers/promises'
import test from 'ava'
import { follow } from '@natter/client'
import type { ClientApi, Link, Me, Readable } from '@natter/client'

/** A value whose subscribers are told when the test says so. */
function value<T>(first: T) {
  let now = first
  const told: (() => void)[] = []
  const readable: Readable<T> = { get: () => now, subscribe: (run) => (told.push(run), () => undefined) }
  return {
    readable,
    set: (next: T) => void (now = next),
    tell: () => told.forEach((run) => run()),
  }
}

/** What is followed: texts, each read when the test lets it be. */
function followed(answers: (text: string) => boolean | void = () => undefined) {
  const me = value<Me | undefined>({ id: 'alice' })
  const status = value<{ readonly link: Link }>({ link: 'offline' })
  let reset: (news: { readonly conversation: string | undefined }) => void = () => undefined
  const reads: { readonly answer: (text: string) => void; readonly fail: () => void }[] = []
  const taken: string[] = []
  const forgotten: string[] = []
  const api = {
    me: me.readable,
    status: status.readable,
    on: (name: string, handler: never) => {
      if (name === 'reset') reset = handler
      return () => undefined
    },
  } as unknown as ClientApi
  const following = follow(api, {
    async read() {
      const text = await new Promise<string>((answer, reject) =>
        reads.push({ answer, fail: () => reject(new Error('closed')) }),
      )
      return () => {
        taken.push(text)
        return answers(text)
      }
    },
    forget: (why) => void forgotten.push(why),
  })
  const go = (link: Link) => {
    status.set({ link })
    status.tell()
  }
  const answer = async (text: string) => {
    reads.at(-1)!.answer(text)
    await turn()
  }
  const fail = async () => {
    reads.at(-1)!.fail()
    await turn()
  }
  return {
    me,
    go,
    answer,
    fail,
    reads,
    taken,
    forgotten,
    following,
    reset: (id?: string) => reset({ conversation: id }),
  }
}

test('it is read on each connection, and not when what is connected catches up', async (t) => {
  const { go, answer, reads, taken } = followed()
  t.is(reads.length, 0)
  go('resyncing')
  t.is(reads.length, 0)
  go('online')
  await answer('one')
  go('online')
  t.is(reads.length, 1)
  go('offline')
  go('online')
  await answer('two')
  t.deepEqual([reads.length, taken], [2, ['one', 'two']])
})

test('one read at a time, and one more for all that is heard meanwhile', async (t) => {
  const { following, answer, reads, taken } = followed()
  following.again()
  following.again()
  following.again()
  t.true(following.reading())
  t.is(reads.length, 1)
  await answer('one')
  t.is(reads.length, 2)
  await answer('two')
  t.deepEqual([reads.length, following.reading(), taken], [2, false, ['one', 'two']])
})

test('it is read until there is no more', async (t) => {
  const { following, answer, reads } = followed((text) => text !== 'last')
  following.again()
  await answer('first')
  await answer('last')
  t.deepEqual([reads.length, following.reading()], [2, false])
})

test('what was read for somebody else is not taken, but read again', async (t) => {
  const { me, following, answer, taken, forgotten } = followed()
  following.again()
  me.set({ id: 'bob' })
  // Nobody has been told yet.
  await answer('of alice')
  me.tell()
  t.deepEqual([taken, forgotten], [[], ['person']])
  await answer('read before it was told')
  t.deepEqual(taken, [])
  await answer('of bob')
  t.deepEqual([taken, following.reading()], [['of bob'], false])
})

test('the same person told again forgets nothing', (t) => {
  const { me, forgotten } = followed()
  me.set({ id: 'alice', device: 'phone' })
  me.tell()
  t.deepEqual(forgotten, [])
})

test('a reset of the store forgets and reads again; one of a conversation does not', async (t) => {
  const { reset, following, answer, reads, taken, forgotten } = followed()
  reset('c')
  t.deepEqual([reads.length, forgotten], [0, []])
  following.again()
  reset()
  await answer('of the store before')
  t.deepEqual([taken, forgotten], [[], ['reset']])
  await answer('of this one')
  t.deepEqual([taken, reads.length], [['of this one'], 2])
})

test('a read that fails is left to the next connection, or to who asks again', async (t) => {
  const { go, fail, answer, following, reads, taken } = followed()
  go('online')
  following.again()
  await fail()
  t.deepEqual([reads.length, following.reading()], [1, false])
  go('offline')
  go('online')
  await answer('one')
  t.deepEqual(taken, ['one'])
})
