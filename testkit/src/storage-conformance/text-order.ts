import { field, model } from '@natter/core/contract'
import type { Suite } from './suite.js'
import { numbers } from './suite.js'

/** Code points in ascending order: what collations fold, pad, ignore or order otherwise. */
const texts = [
  ...['', '\u0001', '\t', ' ', '  ', '%', "'", '*', '10', '9', 'A', 'I', 'K', 'SS', 'Z', '\\', '_'],
  ...[
    'a',
    'a\u0001',
    'a\t',
    'a ',
    'a  ',
    'a-b',
    'aa',
    'ab',
    'e',
    'ea',
    'e\u0301',
    'e\u0301a',
    'i',
    'i\u0307',
    'ss',
    'z',
  ],
  ...[
    '\u00ad',
    'ß',
    'ä',
    '\u00e9',
    '\u00e9 ',
    'İ',
    'ı',
    'ǅ',
    '\u03ac',
    'ς',
    'σ',
    '\u0430',
    '\u200b',
    '\u200d',
    '\u2028',
  ],
  ...['\u212a', '①', 'あ', 'ア', '中', '\ue000', '\ufb00', '\ufeff', '\uff21', '\uff41', '\uffff'],
  ...['\u{10000}', '𝄞', '𝄞a', '🙂', '🙂\u{1f3fd}', '\u{10ffff}'],
]
const word = model('word', {
  fields: { text: field.text({ max: 20 }), room: field.id(), other: field.text({ max: 20, optional: true }) },
  key: ['text'],
  indexes: [['room', 'other']],
  unique: [['other']],
})
const models = [{ plugin: 'suite', model: word }]

/** The same places in another order, always the same. */
const mixed = numbers(0, texts.length - 1).toSorted((a, b) => ((a * 7919) % 101) - ((b * 7919) % 101))

export function textOrder({ test, open }: Suite): void {
  test('texts that differ in a case, an accent, a space or a look are different keys, in code point order', async (t) => {
    const words = (await open(t, { models })).records('suite', word)
    const stored = await Promise.all(mixed.map((i) => words.insert({ text: texts[i]!, room: 'r' })))
    t.deepEqual(new Set(stored), new Set(['inserted']))
    const all = async (where: Parameters<typeof words.page>[0], dir: 'asc' | 'desc' = 'asc') => {
      const found: string[] = []
      let after: string | undefined
      do {
        const page = await words.page(where, { limit: 7, dir, ...(after !== undefined && { after }) })
        found.push(...page.rows.map(({ text }) => text))
        after = page.next
      } while (after !== undefined)
      return found
    }
    t.deepEqual(await all({ text: { gte: '' } }), texts)
    t.deepEqual(await all({ text: { gte: '' } }, 'desc'), texts.toReversed())
    for (const text of ['  ', 'A', 'a', 'a ', 'e\u0301', 'i', 'ß', '\u00e9', 'ı', '\ufb00', '\uffff', '𝄞', '🙂']) {
      const i = texts.indexOf(text)
      t.deepEqual(await all({ text: { gt: text } }), texts.slice(i + 1), `above ${JSON.stringify(text)}`)
      t.deepEqual(await all({ text: { lt: text } }), texts.slice(0, i), `below ${JSON.stringify(text)}`)
      t.deepEqual(await all({ text }), [text], JSON.stringify(text))
    }
    t.deepEqual(await all({ text: { in: texts } }), texts)
    t.is(await words.remove({ text: { gt: 'a', lte: 'aa' } }), 6)
    t.deepEqual(await all({ text: { gte: 'a', lt: 'ab' } }), ['a'])
  })

  test('texts of an index and a unique index are told apart and ordered by code point too', async (t) => {
    const words = (await open(t, { models })).records('suite', word)
    const stored = await Promise.all(mixed.map((i) => words.insert({ text: `${i}`, room: 'r', other: texts[i]! })))
    t.deepEqual(new Set(stored), new Set(['inserted']))
    const page = async (dir: 'asc' | 'desc') =>
      (await words.page({ room: 'r' }, { dir, limit: 1_000 })).rows.map(({ other }) => other)
    t.deepEqual(await page('asc'), texts)
    t.deepEqual(await page('desc'), texts.toReversed())
    for (const [i, other] of texts.entries()) {
      const changed = await words.updateIf({ text: `${i}`, other }, { other })
      t.deepEqual(changed, { text: `${i}`, room: 'r', other }, JSON.stringify(other))
      if (i > 0)
        t.is(await words.updateIf({ text: `${i}`, other: texts[i - 1]! }, {}), undefined, JSON.stringify(other))
    }
    t.is(await words.insert({ text: 'again', room: 'r', other: 'é' }), 'exists')
    t.is(await words.remove({ room: 'r', other: 'a' }), 1)
  })

  test('keys of a key space that look alike are different keys, and so are namespaces', async (t) => {
    const storage = await open(t)
    const [kv, ...spaces] = ['suite', 'Suite', 'suite ', 'sùite', 'su\u0300ite', 'suite\u200b'].map((space) =>
      storage.kv(space),
    )
    const keys = texts.slice(1)
    const added = await Promise.all(keys.map((key, i) => kv!.add(key, `value ${i}`)))
    t.deepEqual(new Set(added), new Set([true]))
    t.deepEqual(
      await Promise.all(keys.map((key) => kv!.get(key))),
      keys.map((_, i) => `value ${i}`),
    )
    for (const space of spaces) t.is(await space.get('a'), undefined)
    await kv!.delete('a')
    t.is(await kv!.get('a '), `value ${keys.indexOf('a ')}`)
  })
}
